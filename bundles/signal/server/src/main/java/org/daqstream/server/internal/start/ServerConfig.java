/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.web.PortSettings;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Keys, defaults and meanings; the values are checked by {@link ServerSettings}. */
@ObjectClassDefinition(
    name = "daqstream streaming server",
    description = "Streams signals to openDAQ clients over WebSocket.")
@interface ServerConfig {
  @AttributeDefinition(
      description = "Address or host name to listen on; '*' for all, IPv4 and IPv6")
  String host() default ServerSettings.LOCAL;

  @AttributeDefinition(
      description = "TCP port of the WebSocket; 0 takes a free one",
      min = "0",
      max = "65535")
  int port() default 7414;

  @AttributeDefinition(
      description =
          "TCP port told to clients for HTTP commands; both ports serve both; 0 takes a free one",
      min = "0",
      max = "65535")
  int controlPort() default 7438;

  @AttributeDefinition(
      description =
          "TCP port of metrics and other pages that need a right, which the other ports then"
              + " answer no more; -1 for none of their own, 0 takes a free one",
      min = "-1",
      max = "65535")
  int metricsPort() default PortSettings.NONE;

  @AttributeDefinition(description = "Path of upgrade and commands; '/' accepts any")
  String path() default "/";

  @AttributeDefinition(
      description =
          "Most bytes of the log that all clients read from: what a client may be behind before"
              + " it is disconnected. Memory is taken while somebody is behind",
      min = "1048576",
      max = "1073741824")
  int ringBytes() default ServerSettings.RING_BYTES_DEFAULT;

  @AttributeDefinition(
      description = "Most bytes of one data frame; 'ws-streaming' clients get at most 2000",
      min = "256",
      max = "65535")
  int frameBytes() default 65_535;

  @AttributeDefinition(
      description = "Bytes of each socket's send buffer; 0 leaves it to the operating system",
      min = "0",
      max = "1073741824")
  int sendBufferBytes() default 0;

  @AttributeDefinition(description = "Most clients at a time", min = "1", max = "100000")
  int clients() default 1_000;

  @AttributeDefinition(
      description = "Most clients at a time from one address, of IPv6 from one network",
      min = "1",
      max = "100000")
  int clientsPerAddress() default 600;

  @AttributeDefinition(
      description =
          "Most connections that have not become a client; of the address with most of them the"
              + " longest waiting goes",
      min = "1",
      max = "100000")
  int pendingConnections() default 1_024;

  @AttributeDefinition(
      description =
          "Most of them from one address, of IPv6 from one network; the longest waiting goes",
      min = "1",
      max = "100000")
  int pendingPerAddress() default 600;

  @AttributeDefinition(
      description =
          "Most bytes of a message from a client; it may always name every signal on offer",
      min = "1024",
      max = "16777216")
  int messageBytes() default 64 << 10;

  @AttributeDefinition(
      description =
          "Most bytes of all messages and HTTP commands that are not complete; of those who"
              + " exceed it together, who sent most is disconnected",
      min = "65536",
      max = "1073741824")
  int unfinishedBytes() default 8 << 20;

  @AttributeDefinition(
      description =
          "Bytes of answers that may wait for a client that does not read before it is"
              + " disconnected",
      min = "65536",
      max = "1073741824")
  int pendingBytes() default 16 << 20;

  @AttributeDefinition(
      description = "Most bytes of an HTTP command; it may always name every signal on offer",
      min = "1024",
      max = "16777216")
  int requestBytes() default 64 << 10;

  @AttributeDefinition(
      description = "Milliseconds in which a connection must send a complete request or message",
      min = "100",
      max = "3600000")
  int requestTimeoutMs() default 10_000;

  @AttributeDefinition(
      description = "Milliseconds that a client gets to finish the closing handshake",
      min = "100",
      max = "60000")
  int closeTimeoutMs() default 2_000;

  @AttributeDefinition(
      description =
          "Milliseconds between 'alive' messages that tell a client how full the log is for it; 0"
              + " for none",
      min = "0",
      max = "60000")
  int aliveIntervalMs() default 0;

  @AttributeDefinition(
      description =
          "Milliseconds without data after which a client is pinged, so that a dead connection is"
              + " noticed; 0 for never. A client that has answered before and does not any more,"
              + " or that takes nothing of what waits for it for as long, is disconnected",
      min = "0",
      max = "3600000")
  int pingIntervalMs() default 30_000;

  @AttributeDefinition(
      description =
          "What becomes of a client that is further behind than the log reaches: it is"
              + " disconnected, or goes on with the present, and is told the hole with the next"
              + " block",
      options = {
        @Option(label = "It is disconnected", value = "disconnect"),
        @Option(label = "It goes on with the present", value = "gap")
      })
  String slowClients() default "disconnect";

  @AttributeDefinition(
      description =
          "Whether clients may publish signals of their own here, which are then offered to all")
  boolean acceptSignals() default false;

  @AttributeDefinition(
      description = "Most clients at a time that publish signals",
      min = "1",
      max = "100000")
  int acceptedClients() default 16;

  @AttributeDefinition(
      description = "Most signals of one client; who offers more is disconnected",
      min = "1",
      max = "100000")
  int acceptedSignals() default 1_000;

  @AttributeDefinition(
      description =
          "Most bytes in a second of what one client publishes, averaged over a few seconds; who"
              + " sends more is disconnected",
      min = "1000",
      max = "1000000000")
  int acceptedBytesPerSecond() default 10_000_000;

  @AttributeDefinition(
      description =
          "What stands in front of the ids of clients' signals; {address} is where a client comes"
              + " from, {name} what it calls itself")
  String acceptedPrefix() default "clients/{address}/{name}/";

  @AttributeDefinition(
      description =
          "PEM file of the certificate, and those between it and the root: both ports then speak"
              + " TLS only. Read again when it changes")
  String tls_certificate() default "";

  @AttributeDefinition(description = "PEM file of its key, without a password")
  String tls_key() default "";

  @AttributeDefinition(
      description = "PKCS#12 file with certificate and key, in place of the two PEM files")
  String tls_keyStore() default "";

  @AttributeDefinition(description = "Password of the PKCS#12 file", type = AttributeType.PASSWORD)
  String tls_keyStorePassword() default "";

  @AttributeDefinition(
      description =
          "Whether clients show a certificate that 'tls.trust' vouches for: none is asked for,"
              + " one may be shown, one must be",
      options = {
        @Option(label = "None is asked for", value = "none"),
        @Option(label = "One may be shown", value = "want"),
        @Option(label = "One must be shown", value = "need")
      })
  String tls_clientCertificates() default "none";

  @AttributeDefinition(description = "PEM file of the certificates that vouch for those of clients")
  String tls_trust() default "";

  @AttributeDefinition(
      description =
          "Web pages of others that may connect, by origin; those of the server itself always"
              + " may, '*' lets in all")
  String[] allowedOrigins() default {};

  @AttributeDefinition(
      description =
          "Names by which browsers may ask this server, besides its addresses, 'localhost', the"
              + " key 'host' and the machine's own name")
  String[] hostNames() default {};

  @AttributeDefinition(
      description = "Whether whoever wants in has to show who that is",
      options = {
        @Option(label = "Everybody may come in", value = "none"),
        @Option(label = "Only who logs in", value = "needed")
      })
  String login() default "none";

  @AttributeDefinition(
      description =
          "Role of those who do not log in where they need not: 'everything', 'reader', or one"
              + " that is configured")
  String anonymousRole() default Roles.EVERYTHING;
}
