package io.rdmagid.api.v1alpha1;

import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One RDMA port of one node with its GID table, cluster-scoped. The node's agent writes it, and
 * owns every field but condition {@code Reporting}.
 *
 * <p>Mutable and not thread-safe, as all objects of the client; its spec and status are immutable
 * records.
 */
@Group(RdmaGid.GROUP)
@Version(RdmaGid.VERSION)
@Kind(RdmaGid.KIND)
@Singular("rdmagid")
@Plural(RdmaGid.PLURAL)
@ShortNames("rgid")
@Categories("rdma")
public class RdmaGid extends CustomResource<RdmaGidSpec, RdmaGidStatus> {
  /** The API group. */
  public static final String GROUP = "rdmagid.io";

  /** The version of the API group. */
  public static final String VERSION = "v1alpha1";

  /** The kind. */
  public static final String KIND = "RdmaGid";

  /** The plural, as in the path of the API. */
  public static final String PLURAL = "rdmagids";

  @Override
  @Required
  public RdmaGidSpec getSpec() {
    return super.getSpec();
  }
}
