package io.rdmagid.operator.admission;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;

/**
 * A pod that is about to be, or what pods will be made from.
 *
 * @param pod whether it is a pod, which can be patched
 */
record Subject(boolean pod, ObjectMeta metadata, PodSpec spec) {}
