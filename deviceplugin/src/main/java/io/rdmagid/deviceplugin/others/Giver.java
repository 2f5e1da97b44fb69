package io.rdmagid.deviceplugin.others;

/** Who hands an RDMA device out, and is not us. */
sealed interface Giver {
  /** As people are told of it. */
  String text();

  /**
   * A CDI spec names it.
   *
   * @param kind vendor and class of the spec, such as {@code nvidia.com/net-rdma}
   */
  record Spec(String kind) implements Giver {
    @Override
    public String text() {
      return "CDI specs of kind " + kind;
    }
  }

  /** A pod has it. Nothing tells by whom. */
  record Pod(String namespace, String name) implements Giver {
    @Override
    public String text() {
      return "pod " + namespace + "/" + name;
    }
  }
}
