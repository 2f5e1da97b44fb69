package io.rdmagid.api.v1alpha1;

import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Ports that pods ask for under one resource name, and how their pods choose a GID, cluster-scoped.
 * People write the spec, the operator the status.
 *
 * <p>Mutable and not thread-safe, as all objects of the client; its spec and status are immutable
 * records.
 */
@Group(RdmaGid.GROUP)
@Version(RdmaGid.VERSION)
@Kind(RdmaGidPool.KIND)
@Singular("rdmagidpool")
@Plural(RdmaGidPool.PLURAL)
@ShortNames("rgpool")
@Categories("rdma")
@ValidationRule(
    // The server has seen to it that the name is a DNS subdomain.
    value = "size(self.metadata.name) <= 63 && !self.metadata.name.contains('.')",
    message =
        "metadata.name is part of a resource name, a label and variables: at most 63 characters and no dots",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.allocated) || oldSelf.status.allocated == 0"
            + " || (self.spec.podsPerPort == 1) == (oldSelf.spec.podsPerPort == 1)",
    message =
        "spec.podsPerPort cannot change between 1 and more while pods hold devices of the pool (status.allocated):"
            + " the devices' ids would change under them",
    reason = "FieldValueForbidden")
public class RdmaGidPool extends CustomResource<RdmaGidPoolSpec, RdmaGidPoolStatus> {
  /** The kind. */
  public static final String KIND = "RdmaGidPool";

  /** The plural, as in the path of the API. */
  public static final String PLURAL = "rdmagidpools";

  /** The finalizer of a pool whose ports pods hold; the operator's. */
  public static final String HELD = "rdmagid.io/held";

  @Override
  @Required
  public RdmaGidPoolSpec getSpec() {
    return super.getSpec();
  }
}
