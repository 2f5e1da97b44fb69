package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.PortAttributes;

/** The words for the numbers by which verbs, and the files of sysfs, tell how a port is. */
final class PortStates {
  private PortStates() {}

  /** enum ibv_port_state. */
  static String state(int code) {
    return switch (code) {
      case 1 -> "DOWN";
      case 2 -> "INIT";
      case 3 -> "ARMED";
      case 4 -> PortAttributes.ACTIVE;
      case 5 -> "ACTIVE_DEFER";
      default -> "NOP";
    };
  }

  /** enum ib_port_phys_state of the kernel (include/rdma/ib_verbs.h), with sysfs's words. */
  static String physicalState(int code) {
    return switch (code) {
      case 1 -> "SLEEP";
      case 2 -> "POLLING";
      case 3 -> "DISABLED";
      case 4 -> "TRAINING";
      case 5 -> "LINK_UP";
      case 6 -> "LINK_ERROR_RECOVERY";
      case 7 -> "PHY_TEST";
      default -> "";
    };
  }
}
