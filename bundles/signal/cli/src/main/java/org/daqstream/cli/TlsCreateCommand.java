/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tls:create}. */
@Command(
    name = "tls:create",
    description = {
      "Makes a key and a certificate that it signs itself, for a start with TLS.",
      "The certificate is for the names given, and for all names and addresses of this machine;"
          + " the key can be read by its owner only."
    })
final class TlsCreateCommand extends CliCommand {
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]+");

  @Option(
      names = "--host",
      paramLabel = "NAME",
      arity = "1..*",
      description = "Names or addresses by which clients connect, besides those of this machine.")
  private List<String> hosts = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for server.crt and server.key; else tls in the folder of --home.")
  private Path out;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "825",
      description = "How long the certificate is valid, 825.")
  private int days;

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  @Override
  int run() throws IOException, InterruptedException {
    StandardStreams streams = streams();
    for (String each : hosts) {
      if (!HOST.matcher(each).matches()) {
        throw misused("'" + each + "' is no host name and no address");
      }
    }
    if (days < 1 || days > 36_500) {
      throw misused("--days must be from 1 to 36500");
    }
    Set<String> names = new LinkedHashSet<>(hosts);
    names.addAll(ownNames());
    SelfSigned made = SelfSigned.make(names, days);
    Path folder = folder().toAbsolutePath().normalize();
    Path certificate = folder.resolve("server.crt");
    Path key = folder.resolve("server.key");
    made.write(certificate, key, force);
    if (json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("certificate", certificate.toString());
      document.put("key", key.toString());
      document.put("names", List.copyOf(names));
      document.put("validUntil", made.end().toString());
      document.put("pin", made.pin());
      streams.out().println(streams.json(document));
      return Daqstream.OK;
    }
    streams.out().println("certificate for " + String.join(", ", names));
    streams.out().println("valid until " + made.end());
    streams.out().println("for a server, in conf/org.daqstream.server.cfg:");
    streams.out().println("  tls.certificate = " + certificate);
    streams.out().println("  tls.key = " + key);
    streams.out().println("for clients: --ca " + certificate + ", or --pin " + made.pin());
    return Daqstream.OK;
  }

  private Path folder() {
    if (out != null) {
      return out;
    }
    String home = System.getProperty("daqstream.home", "");
    if (home.isEmpty()) {
      throw misused("--out is missing");
    }
    return Path.of(home, "tls");
  }

  /** Names and addresses by which this machine may be meant; those of one link only are none. */
  private static Set<String> ownNames() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    names.add("localhost");
    InetAddress self = self();
    if (self != null) {
      add(names, self.getHostName());
      add(names, self.getHostName().replaceFirst("\\..*", "") + ".local");
      add(names, self.getCanonicalHostName());
    }
    for (NetworkInterface each :
        NetworkInterface.networkInterfaces()
            .sorted((a, b) -> a.getIndex() - b.getIndex())
            .toList()) {
      each.inetAddresses()
          .filter(address -> !address.isLinkLocalAddress())
          .forEach(address -> names.add(address.getHostAddress().replaceFirst("%.*", "")));
    }
    return names;
  }

  private static InetAddress self() {
    try {
      return InetAddress.getLocalHost();
    } catch (IOException e) {
      return null; // a machine that cannot resolve its own name
    }
  }

  private static void add(Set<String> names, String name) {
    if (HOST.matcher(name).matches()) {
      names.add(name);
    }
  }
}
