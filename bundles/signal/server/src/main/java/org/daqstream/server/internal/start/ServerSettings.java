/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.fanout.ServerLimits;
import org.daqstream.server.internal.fanout.SlowClients;
import org.daqstream.server.internal.web.LoginTerms;
import org.daqstream.server.internal.web.PeerTerms;
import org.daqstream.server.internal.web.PortSettings;
import org.daqstream.server.internal.web.TlsTerms;
import org.daqstream.server.internal.web.WebTerms;

/** The checked values of {@link ServerConfig}. */
record ServerSettings(
    PortSettings ports,
    boolean hostSaid,
    String path,
    int frameBytes,
    WebTerms web,
    LoginTerms login,
    ServerLimits limits,
    PeerTerms published) {
  private enum Login {
    NONE,
    NEEDED
  }

  /** The host that is for this machine only. */
  static final String LOCAL = "127.0.0.1";

  private static final String LOGIN = "login";
  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String HOST_NAMES = "hostNames";
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,8}");
  private static final String UNFINISHED_BYTES = "unfinishedBytes";
  static final String RING_BYTES = "ringBytes";
  static final int RING_BYTES_DEFAULT = 128 << 20;

  /** All addresses in numbers, but for the one that is in common use. */
  private static final Pattern ANY_ADDRESS = Pattern.compile("(?!0[.]0[.]0[.]0$)[0x:.\\[\\]]+");

  private static final String ACCEPTED_PREFIX = "acceptedPrefix";
  private static final Pattern PREFIX =
      Pattern.compile("(?!.{101})([A-Za-z0-9/._~-]|\\{address\\}|\\{name\\})*");

  private static final Pattern PATH = Pattern.compile("/(?!/)[A-Za-z0-9/._~-]*");

  /** Checks configured values. */
  static ServerSettings of(String pid, Values values) {
    return new ServerSettings(
        new PortSettings(
            host(values),
            values.integer(PortSettings.PORT),
            controlPort(values),
            metricsPort(values),
            values.integer("sendBufferBytes"),
            TlsValues.of(pid, values)),
        values.isSet(PortSettings.HOST),
        path(values.text("path")),
        values.integer("frameBytes"),
        web(values),
        login(values),
        limits(values),
        published(values));
  }

  private static LoginTerms login(Values values) {
    String role = values.text("anonymousRole");
    if (!ROLE.matcher(role).matches()) {
      throw new RefusedException("anonymousRole", role, "must be letters, digits and . _ -");
    }
    return new LoginTerms(values.choice(LOGIN, Login.class) == Login.NEEDED, role);
  }

  /** Who may read, in words for people. */
  String whoMayRead() {
    if (login.isNeeded()) {
      return "login needed";
    }
    boolean isLocal = !PortSettings.ALL.equals(ports.host()) && isLoopback(ports.host());
    boolean isForCertificates =
        ports.tls() != null && ports.tls().clients() == TlsTerms.ClientCertificates.NEED;
    String others = isForCertificates ? "certificate needed" : "open to everyone on the network";
    String who = isLocal ? "this machine only" : others;
    return login.anonymousRole().equals(Roles.EVERYTHING)
        ? who
        : who + ", as role " + login.anonymousRole();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static WebTerms web(Values values) {
    String host = host(values);
    Set<String> hostNames = new TreeSet<>();
    hostNames.add(host.toLowerCase(Locale.ROOT));
    for (String name : values.list(HOST_NAMES)) {
      if (!HOST_NAME.matcher(name).matches()) {
        throw new RefusedException(HOST_NAMES, name, "must be names without scheme and port");
      }
      hostNames.add(name.toLowerCase(Locale.ROOT));
    }
    return new WebTerms(new TreeSet<>(values.list("allowedOrigins")), hostNames);
  }

  private static PeerTerms published(Values values) {
    String prefix = values.text(ACCEPTED_PREFIX);
    if (!PREFIX.matcher(prefix).matches()) {
      throw new RefusedException(
          ACCEPTED_PREFIX,
          prefix,
          "must be at most 100 letters, digits and / . _ ~ -, and {address} and {name}");
    }
    return new PeerTerms(
        values.flag("acceptSignals"),
        values.integer("acceptedClients"),
        values.integer("acceptedSignals"),
        values.integer("acceptedBytesPerSecond"),
        prefix);
  }

  /**
   * Who does not say it is for this machine only: the file may be half a file, or one that could
   * not be read.
   */
  private static String host(Values values) {
    if (!values.isSet(PortSettings.HOST)) {
      return LOCAL;
    }
    String host = values.text(PortSettings.HOST);
    if (host.equals("*")) {
      return PortSettings.ALL;
    }
    if (ANY_ADDRESS.matcher(host).matches()) { // as the first half of '::1'
      throw new RefusedException(PortSettings.HOST, host, "must be '*' for all addresses");
    }
    return host;
  }

  /**
   * Refuses a file that opens to others what was shut without saying so, naming the missing key: it
   * may be empty, or not be written to its end.
   */
  void checkSaid(Values values, ServerSettings before) {
    if (values.file().isEmpty()) {
      return;
    }
    String file = values.file().get();
    if (values.isEmpty()) {
      throw new IllegalArgumentException("there is no key in " + file);
    }
    if (!hostSaid && before.hostSaid) {
      throw new IllegalArgumentException(
          "key " + PortSettings.HOST + " is missing in " + file + ", '*' is for all addresses");
    }
    if (!values.isSet(LOGIN) && before.login.isNeeded()) {
      throw new IllegalArgumentException(
          "key " + LOGIN + " is missing in " + file + ", 'none' is for nobody needs one");
    }
    TlsValues.checkSaid(values, file, before.ports.tls());
  }

  private static String path(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new RefusedException(
          "path", path, "must start with one '/' and go on with letters, digits and / . _ ~ -");
    }
    return path;
  }

  private static ServerLimits limits(Values values) {
    checkFits(values, "messageBytes");
    checkFits(values, "requestBytes");
    return new ServerLimits(
        values.integer(RING_BYTES),
        values.integer("clients"),
        values.integer("clientsPerAddress"),
        values.integer("pendingConnections"),
        values.integer("pendingPerAddress"),
        values.integer("messageBytes"),
        values.integer(UNFINISHED_BYTES),
        values.integer("pendingBytes"),
        values.integer("requestBytes"),
        values.integer("requestTimeoutMs"),
        values.integer("closeTimeoutMs"),
        values.integer("aliveIntervalMs"),
        values.integer("pingIntervalMs"),
        values.choice("slowClients", SlowClients.class));
  }

  /**
   * Refuses a limit that nothing could ever reach, because what is not complete has a lower one.
   */
  private static void checkFits(Values values, String key) {
    int bytes = values.integer(key);
    int unfinishedBytes = values.integer(UNFINISHED_BYTES);
    if (bytes > unfinishedBytes) {
      throw new RefusedException(
          key, bytes, "must not be more than key " + UNFINISHED_BYTES + " = " + unfinishedBytes);
    }
  }

  /** A second port of the same number cannot be listened on. */
  private static int controlPort(Values values) {
    int controlPort = values.integer(PortSettings.CONTROL_PORT);
    if (controlPort != 0 && controlPort == values.integer(PortSettings.PORT)) {
      throw new RefusedException(
          PortSettings.CONTROL_PORT, controlPort, "must be another one than key port");
    }
    return controlPort;
  }

  private static int metricsPort(Values values) {
    int metricsPort = values.integer(PortSettings.METRICS_PORT);
    if (metricsPort > 0
        && (metricsPort == values.integer(PortSettings.PORT)
            || metricsPort == values.integer(PortSettings.CONTROL_PORT))) {
      throw new RefusedException(
          PortSettings.METRICS_PORT, metricsPort, "must be another one than the two ports");
    }
    return metricsPort;
  }

  /** Whether clients can stay connected when this configuration replaces the other. */
  boolean keepsConnections(ServerSettings other) {
    return ports.equals(other.ports)
        && path.equals(other.path)
        && frameBytes == other.frameBytes
        && limits.ringBytes() == other.limits.ringBytes();
  }
}
