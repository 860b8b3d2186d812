/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;

/** Where a {@link NatsLink} connects, as whom, and how patiently. Never changes. */
public final class NatsOptions {
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int BACKOFF_MAX_MS = 1_000;
  private static final int PING_MS = 5_000;

  final List<NatsAddress> servers;
  final String clientName;
  final NamedFile credentialsFile;
  final String user;
  final String password;
  final String token;
  final TlsFiles tlsFiles;
  final boolean verifyHostname;
  final int connectTimeoutMs;
  final int backoffMaxMs;
  final int pingMs;

  private NatsOptions(Builder builder) {
    servers = List.copyOf(builder.servers);
    clientName = builder.clientName;
    credentialsFile = builder.credentialsFile;
    user = builder.user;
    password = builder.password;
    token = builder.token;
    tlsFiles = builder.tlsFiles;
    verifyHostname = builder.verifyHostname;
    connectTimeoutMs = builder.connectTimeoutMs;
    backoffMaxMs = builder.backoffMaxMs;
    pingMs = builder.pingMs;
  }

  /**
   * Reads a list of servers, with commas or blanks between.
   *
   * @throws IllegalArgumentException with what is wrong, without what may be a password
   */
  public static List<NatsAddress> servers(String urls) {
    List<NatsAddress> servers = new ArrayList<>();
    for (String url : urls.split("[,\\s]+", -1)) {
      if (!url.isEmpty()) {
        servers.add(NatsAddress.parse(url));
      }
    }
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("a URL as nats://host:port is required");
    }
    if (servers.stream().anyMatch(server -> server.tls() != servers.get(0).tls())) {
      throw new IllegalArgumentException("nats:// and tls:// cannot be mixed in one list");
    }
    return List.copyOf(servers);
  }

  /** For servers as {@link #servers(String)} gives them. */
  public static Builder to(List<NatsAddress> servers) {
    return new Builder(servers);
  }

  /** Where to connect. */
  public List<NatsAddress> servers() {
    return servers;
  }

  boolean isTls() {
    return servers.get(0).tls();
  }

  private List<Object> facts() {
    return List.of(
        List.of(servers, clientName, credentialsFile, user, password, token, tlsFiles),
        List.of(verifyHostname, connectTimeoutMs, backoffMaxMs, pingMs));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NatsOptions that && facts().equals(that.facts());
  }

  @Override
  public int hashCode() {
    return facts().hashCode();
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return clientName + " at " + servers;
  }

  /** Collects what differs from the usual. Not thread-safe. */
  public static final class Builder {
    private final List<NatsAddress> servers;
    private String clientName = "daqstream";
    private NamedFile credentialsFile = NamedFile.NONE;
    private String user = "";
    private String password = "";
    private String token = "";
    private TlsFiles tlsFiles = TlsFiles.pem(NamedFile.NONE, NamedFile.NONE, NamedFile.NONE);
    private boolean verifyHostname = true;
    private int connectTimeoutMs = CONNECT_TIMEOUT_MS;
    private int backoffMaxMs = BACKOFF_MAX_MS;
    private int pingMs = PING_MS;

    private Builder(List<NatsAddress> servers) {
      if (servers.isEmpty()) {
        throw new IllegalArgumentException("no server");
      }
      this.servers = servers;
    }

    /** The name the server shows; {@code daqstream} unless set. */
    public Builder clientName(String name) {
      clientName = name;
      return this;
    }

    /** A {@code .creds} file, with a user's JWT and seed; read anew for each connection. */
    public Builder credentialsFile(NamedFile file) {
      credentialsFile = file;
      return this;
    }

    /** User and password; an empty user for none. */
    public Builder user(String name, String secret) {
      user = name;
      password = secret;
      return this;
    }

    /** A token; empty for none. */
    public Builder token(String secret) {
      token = secret;
      return this;
    }

    /**
     * Keys and trust, used with {@code tls://}.
     *
     * @param verify whether the server's certificate must bear the name or address dialled
     */
    public Builder tls(TlsFiles files, boolean verify) {
      tlsFiles = files;
      verifyHostname = verify;
      return this;
    }

    /** How long one server may take until it counts as away; 5000 unless set. */
    public Builder connectTimeoutMs(int timeoutMs) {
      connectTimeoutMs = timeoutMs;
      return this;
    }

    /** Longest wait between two rounds of attempts; 1000 unless set. */
    public Builder backoffMaxMs(int waitMs) {
      backoffMaxMs = waitMs;
      return this;
    }

    /**
     * How often the server is asked whether it is there; 5000 unless set. After two questions
     * without an answer the connection is given up.
     */
    public Builder pingMs(int intervalMs) {
      pingMs = intervalMs;
      return this;
    }

    public NatsOptions build() {
      return new NatsOptions(this);
    }
  }
}
