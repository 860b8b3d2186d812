/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.JetStreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.daqstream.nats.support.NatsAddress;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.socket.support.TlsParameters;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of a NATS stream. Nothing in them is secret, for manifests are shown and logged: the
 * password and the token stand in files.
 *
 * @param servers all inside TLS or none
 * @param subject to publish to, or to subscribe to, then with wildcards
 * @param queue inputs: group that shares the messages; empty for none
 * @param jetstream name of the stream of JetStream; empty: at most once, by the core
 * @param durable inputs from JetStream: name of the consumer
 * @param domain inputs from JetStream: where it is, seen from a leaf node; empty for the nearest
 * @param queueMessages most messages kept here
 * @param queueBytes most bytes of them
 * @param tls null without
 */
record NatsParameters(
    List<NatsAddress> servers,
    String subject,
    String queue,
    String jetstream,
    String durable,
    String domain,
    int queueMessages,
    long queueBytes,
    int connectTimeoutMs,
    int backoffMaxMs,
    NamedFile credentialsFile,
    String user,
    NamedFile passwordFile,
    NamedFile tokenFile,
    TlsParameters tls) {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final int SUBJECT_CHARS_MAX = 1024;
  private static final String TOKEN = "[!-~&&[^.*>]]+"; // what every client of NATS takes
  private static final Pattern PUBLISHED = Pattern.compile(TOKEN + "(\\." + TOKEN + ")*");
  private static final Pattern SUBSCRIBED =
      Pattern.compile("((" + TOKEN + "|\\*)\\.)*(" + TOKEN + "|\\*|>)");
  private static final Pattern NAME = Pattern.compile("[!-~&&[^.*>/\\\\]]{1,255}");

  /** Reads and checks them. */
  static NatsParameters read(StreamDirection direction, ParameterReader reader) {
    boolean in = direction == StreamDirection.IN;
    List<NatsAddress> servers = servers(reader);
    String user = reader.text("user", "");
    NatsParameters parameters =
        new NatsParameters(
            servers,
            subject(in, reader),
            group(reader),
            name("jetstream", reader),
            name("durable", reader),
            name("domain", reader),
            (int) reader.number("queueMessages", 1001, 1, 1_000_000),
            reader.number("queueBytes", 64 * MEBIBYTE, 1, 4096 * MEBIBYTE),
            (int) reader.number("connectTimeoutMs", 10_000, 1, 600_000),
            (int) reader.number("backoffMaxMs", 1000, 50, 600_000),
            file("credentialsFile", reader),
            user,
            file("passwordFile", reader),
            file("tokenFile", reader),
            !servers.isEmpty() && servers.get(0).tls()
                ? TlsParameters.read(StreamDirection.OUT, reader)
                : null);
    parameters.check(in, reader);
    return parameters;
  }

  private static List<NatsAddress> servers(ParameterReader reader) {
    try {
      return NatsOptions.servers(reader.text("url"));
    } catch (IllegalArgumentException e) {
      reader.refuseUnshown("url", e.getMessage());
      return List.of();
    }
  }

  private static String subject(boolean in, ParameterReader reader) {
    String subject = reader.text("subject");
    if (subject.length() > SUBJECT_CHARS_MAX
        || !(in ? SUBSCRIBED : PUBLISHED).matcher(subject).matches()) {
      reader.refuse(
          "subject",
          "must be words of ASCII with dots between"
              + (in ? ", * for any word, > at the end for any words" : ", without * and >"));
    }
    return subject;
  }

  private static String name(String key, ParameterReader reader) {
    String name = reader.text(key, "");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      reader.refuse(key, "must be ASCII without blanks, dots, wildcards and slashes");
    }
    return name;
  }

  private static String group(ParameterReader reader) {
    String group = reader.text("queue", "");
    if (!group.isEmpty() && !PUBLISHED.matcher(group).matches()) {
      reader.refuse("queue", "must be words of ASCII with dots between");
    }
    return group;
  }

  private static NamedFile file(String key, ParameterReader reader) {
    String path = reader.text(key, "");
    return path.isEmpty() ? NamedFile.NONE : new NamedFile(key, path);
  }

  private void check(boolean in, ParameterReader reader) {
    if (!in && !queue.isEmpty()) {
      reader.refuse("queue", "is for inputs");
    }
    if (in && !jetstream.isEmpty() && durable.isEmpty()) {
      reader.refuse("durable", "an input from JetStream needs the name of its consumer");
    }
    if (!durable.isEmpty() && (!in || jetstream.isEmpty())) {
      reader.refuse("durable", "is for inputs from JetStream");
    }
    if (!domain.isEmpty() && (!in || jetstream.isEmpty())) {
      reader.refuse("domain", "is for inputs from JetStream");
    }
    if (in && !jetstream.isEmpty() && !queue.isEmpty()) {
      reader.refuse("queue", "inputs with one durable share its messages already");
    }
    if (user.isEmpty() == passwordFile.isSet()) {
      reader.refuse(user.isEmpty() ? "user" : "passwordFile", "user and passwordFile go together");
    }
    int ways =
        (credentialsFile.isSet() ? 1 : 0) + (user.isEmpty() ? 0 : 1) + (tokenFile.isSet() ? 1 : 0);
    if (ways > 1) {
      reader.refuse(
          credentialsFile.isSet() ? "credentialsFile" : "tokenFile",
          "one of credentialsFile, user and tokenFile");
    }
  }

  /** How JetStream is asked for things. */
  JetStreamOptions jetStreamOptions(Duration answer) {
    JetStreamOptions.Builder options = JetStreamOptions.builder().requestTimeout(answer);
    return domain.isEmpty() ? options.build() : options.domain(domain).build();
  }

  boolean isJetStream() {
    return !jetstream.isEmpty();
  }

  /**
   * How to connect; reads the files with secrets.
   *
   * @param clientName for the server's lists
   * @throws IOException in one sentence what is wrong with which file
   */
  NatsOptions options(String clientName) throws IOException {
    NatsOptions.Builder options =
        NatsOptions.to(servers)
            .clientName(clientName)
            .connectTimeoutMs(connectTimeoutMs)
            .backoffMaxMs(backoffMaxMs)
            .credentialsFile(credentialsFile)
            .user(user, secret(passwordFile))
            .token(secret(tokenFile));
    if (tls != null) {
      options.tls(tls.files(), tls.verifyHostname());
    }
    return options.build();
  }

  private static String secret(NamedFile file) throws IOException {
    try {
      return file.isSet() ? Files.readString(Path.of(file.path())).strip() : "";
    } catch (NoSuchFileException e) {
      throw new IOException(file.key() + " '" + file.path() + "': no such file", e);
    } catch (IOException e) {
      throw new IOException(file.key() + " '" + file.path() + "' cannot be read", e);
    }
  }

  /** Where and what, for messages. */
  String where() {
    return subject + " at " + servers;
  }
}
