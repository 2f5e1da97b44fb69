package io.rdmagid.api.v1alpha1;

import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What one pod holds, with the name and in the namespace of the pod, which owns it. The node's
 * agent writes it, and owns every field but the conditions, which are the operator's.
 *
 * <p>Mutable and not thread-safe, as all objects of the client; its spec and status are immutable
 * records.
 */
@Group(RdmaGid.GROUP)
@Version(RdmaGid.VERSION)
@Kind(RdmaGidAssignment.KIND)
@Singular("rdmagidassignment")
@Plural(RdmaGidAssignment.PLURAL)
@ShortNames("rga")
@Categories("rdma")
public class RdmaGidAssignment
    extends CustomResource<RdmaGidAssignmentSpec, RdmaGidAssignmentStatus> implements Namespaced {
  /** The kind. */
  public static final String KIND = "RdmaGidAssignment";

  /** The plural, as in the path of the API. */
  public static final String PLURAL = "rdmagidassignments";

  @Override
  @Required
  public RdmaGidAssignmentSpec getSpec() {
    return super.getSpec();
  }
}
