package io.rdmagid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/** One kind of CRD: what no annotation of the generator says of it. */
interface CrdKind {
  /** The class that the schema is made of. */
  Class<? extends CustomResource<?, ?>> resource();

  /** Printed in this order; the generator's own columns are sorted by path. */
  List<CustomResourceColumnDefinition> columns();

  /** Adds to the schema of spec, status and what is below. */
  void complete(JSONSchemaProps root);

  /** The CRD's name, {@code <plural>.<group>}. */
  default String crdName() {
    return HasMetadata.getFullResourceName(resource());
  }
}
