package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The keys, certificates, tokens and kubeconfigs of one control plane, in its folder, made by
 * openssl.
 */
record Credentials(Path directory) {

  /** The users that every control plane has. */
  static final List<User> USERS =
      List.of(
          new User("admin", "admin", List.of("system:masters")),
          new User("node-a", "system:node:node-a", List.of("system:nodes")),
          new User("node-b", "system:node:node-b", List.of("system:nodes")),
          new User("kcm", "system:kube-controller-manager", List.of()),
          new User("scheduler", "system:kube-scheduler", List.of()),
          new User("kube-proxy", "system:kube-proxy", List.of()));

  void write(String address, int port, List<User> extra) {
    openssl("genrsa", "-out", "sa.key", "2048");
    openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub");
    certificates(address);
    List<User> users = new ArrayList<>(USERS);
    users.addAll(extra);
    try {
      StringBuilder tokens = new StringBuilder();
      String authority =
          Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve("ca.crt")));
      for (User user : users) {
        tokens.append(
            "%s,%s,%s,\"%s\"%n"
                .formatted(
                    user.token(), user.name(), user.file(), String.join(",", user.groups())));
        Files.writeString(kubeconfig(user.file()), kubeconfig(user, address, port, authority));
      }
      Files.writeString(directory.resolve("tokens.csv"), tokens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path kubeconfig(String user) {
    return directory.resolve(user + ".kubeconfig");
  }

  private void certificates(String address) {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt",
        "-days",
        "3650",
        "-subj",
        "/CN=ca");
    openssl(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "server.key",
        "-out",
        "server.csr",
        "-subj",
        "/CN=kube-apiserver");
    try {
      Files.writeString(
          directory.resolve("san"),
          "subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:kubernetes.default.svc,DNS:localhost,IP:"
              + address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    openssl(
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-out",
        "server.crt",
        "-days",
        "3650",
        "-extfile",
        "san");
  }

  private void openssl(String... arguments) {
    List<String> words = new ArrayList<>(List.of("openssl"));
    words.addAll(List.of(arguments));
    String _ = Command.of(words).in(directory).sh();
  }

  private static String kubeconfig(User user, String address, int port, String authority) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: testbed, cluster: {server: "https://%s:%d", certificate-authority-data: "%s"}}]
    users: [{name: user, user: {token: "%s"}}]
    contexts: [{name: testbed, context: {cluster: testbed, user: user}}]
    current-context: testbed
    """
        .formatted(address, port, authority, user.token());
  }
}
