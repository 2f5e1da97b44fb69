package io.rdmagid.e2e.testbed;

import java.util.List;

/**
 * Someone with a token at a control plane.
 *
 * @param file the name of the kubeconfig, without its suffix
 * @param name the user's name as the API server knows it
 */
public record User(String file, String name, List<String> groups) {

  public User {
    groups = List.copyOf(groups);
  }

  String token() {
    return file + "-token";
  }
}
