/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.security.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * What somebody shows: a token, or a user and a password, or certificates, whose private keys he
 * has proved to have. What he does not show is empty.
 */
public final class Credentials {
  private final String token;
  private final String user;
  private final String password;
  private final List<String> certificateSubjects;
  private final InetAddress address;

  private Credentials(
      String token,
      String user,
      String password,
      List<String> certificateSubjects,
      InetAddress address) {
    this.token = Objects.requireNonNull(token);
    this.user = Objects.requireNonNull(user);
    this.password = Objects.requireNonNull(password);
    this.certificateSubjects = List.copyOf(certificateSubjects);
    this.address = Objects.requireNonNull(address);
  }

  /** A bearer token. */
  public static Credentials ofToken(String token, InetAddress address) {
    return new Credentials(token, "", "", List.of(), address);
  }

  /** A user and the password. */
  public static Credentials ofUser(String user, String password, InetAddress address) {
    return new Credentials("", user, password, List.of(), address);
  }

  /** Subjects of a client's certificate and of those that vouch for it, as in RFC 2253. */
  public static Credentials ofCertificates(List<String> subjects, InetAddress address) {
    return new Credentials("", "", "", subjects, address);
  }

  /** Secret. */
  public String token() {
    return token;
  }

  public String user() {
    return user;
  }

  /** Secret. */
  public String password() {
    return password;
  }

  /** The first one is the client's own. */
  public List<String> certificateSubjects() {
    return certificateSubjects;
  }

  /** Where the connection comes from. */
  public InetAddress address() {
    return address;
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    String kind = !token.isEmpty() ? "token" : !user.isEmpty() ? "password" : "certificate";
    return kind + " from " + address.getHostAddress();
  }
}
