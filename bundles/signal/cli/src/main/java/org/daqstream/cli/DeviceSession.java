/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.TlsOptions;
import org.daqstream.client.TokenSource;
import org.daqstream.client.WireListener;
import org.daqstream.sample.support.Near;
import org.daqstream.signal.api.Rule;

/** A device that has greeted; what happens to the connection is said on the error output. */
final class DeviceSession implements AutoCloseable {
  private static final long MARGIN_MS = 500;

  private final StreamingClient client;
  private final Notices notices;
  private final StandardStreams streams;
  private final long timeoutMs;

  private DeviceSession(
      StreamingClient client, Notices notices, StandardStreams streams, long timeoutMs) {
    this.client = client;
    this.notices = notices;
    this.streams = streams;
    this.timeoutMs = timeoutMs;
  }

  /** Tells the first outcome to whoever waits, and later ones to the user. */
  private static final class Notices implements ConnectionListener {
    final CompletableFuture<String> first = new CompletableFuture<>();
    private final StandardStreams streams;
    private volatile boolean isClosing;

    /** What is refused then is told in one line for each signal, if it was not described anyway. */
    private volatile boolean isDescribing;

    Notices(StandardStreams streams) {
      this.streams = streams;
    }

    @Override
    public void connected() {
      if (!first.complete("")) {
        streams.say("connected again");
      }
    }

    @Override
    public void disconnected(String why) {
      if (first.complete(why)) {
        isClosing = true; // whoever waits gives up, at the next attempt already
      } else if (!isClosing && !why.equals("closed by this side")) {
        streams.say("no connection: " + why + "; trying again");
      }
    }

    @Override
    public void problem(String what) {
      if (!isClosing && !isDescribing) {
        streams.say(what);
      }
    }
  }

  /**
   * Waits for the greeting.
   *
   * @param tls whom to trust with an encrypted address
   * @param token by which to log in
   * @param wire sees the bytes; {@code null} for nobody
   * @throws CliException when there is none
   */
  static DeviceSession open(
      DeviceAddress address,
      TlsOptions tls,
      TokenSource token,
      long timeoutMs,
      StandardStreams streams,
      WireListener wire)
      throws InterruptedException {
    Notices notices = new Notices(streams);
    int limitMs = (int) Math.min(timeoutMs, Integer.MAX_VALUE);
    StreamingClient.Builder builder =
        StreamingClient.at(address.toUri().toString())
            .name("cli")
            .timeouts(limitMs, limitMs)
            .listener(notices)
            .token(token)
            .wire(wire);
    StreamingClient client = trusting(builder, tls).open();
    String failure = "timeout";
    try {
      failure = notices.first.get(timeoutMs + MARGIN_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      failure = "no greeting within " + timeoutMs + " ms";
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      if (!failure.isEmpty()) {
        notices.isClosing = true;
        client.close();
      }
    }
    if (!failure.isEmpty()) {
      throw new CliException(Daqstream.NO_DEVICE, "no device at " + address + ": " + failure);
    }
    return new DeviceSession(client, notices, streams, timeoutMs);
  }

  private static StreamingClient.Builder trusting(StreamingClient.Builder builder, TlsOptions tls) {
    try {
      return tls.equals(TlsOptions.NONE) ? builder : builder.tls(tls);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(Daqstream.FAILED, e.getMessage());
    }
  }

  StreamingClient client() {
    return client;
  }

  /**
   * The ids of the signals that are meant, in the device's order.
   *
   * @throws CliException when an id, or all patterns together, mean nothing
   */
  Set<String> ids(List<SignalGlob> globs) throws InterruptedException {
    List<String> offered = client.signalIds(timeoutMs);
    Set<String> chosen = new LinkedHashSet<>();
    for (String each : offered) {
      if (globs.stream().anyMatch(glob -> glob.matches(each))) {
        chosen.add(each);
      }
    }
    for (SignalGlob glob : globs) {
      if (!glob.isPattern() && !chosen.contains(glob.toString())) {
        if (!offered.isEmpty()) {
          throw new CliException(
              Daqstream.FAILED,
              "no signal '" + glob + "'" + Near.suggestion(glob.toString(), offered));
        }
        chosen.add(glob.toString()); // a device that lists nothing may have it all the same
      }
    }
    if (chosen.isEmpty()) {
      throw new CliException(
          Daqstream.FAILED,
          offered.isEmpty()
              ? "the device offers no signals"
              : "no signal is meant by " + globs + "; the device offers " + offered.size());
    }
    return chosen;
  }

  /** What the device says of signals; those that it does not describe are left out and told. */
  Map<String, RemoteSignal> describe(Collection<String> ids) throws InterruptedException {
    Map<String, RemoteSignal> described;
    notices.isDescribing = true;
    try {
      described = client.describe(ids, timeoutMs).get();
    } catch (ExecutionException e) {
      throw new CliException(Daqstream.FAILED, "signals are not described: " + e.getCause());
    } finally {
      notices.isDescribing = false;
    }
    for (String each : ids) {
      if (!described.containsKey(each)) {
        streams.say("the device does not describe '" + each + "'");
      }
    }
    if (described.isEmpty()) {
      throw new CliException(
          Daqstream.FAILED, "no signal was described within " + timeoutMs + " ms");
    }
    return described;
  }

  private static boolean isLine(RemoteSignal signal) {
    return signal.isDomain() && signal.descriptor().rule() instanceof Rule.Linear;
  }

  /** The signals that are meant and have values: explicit domains only if they are named. */
  Map<String, RemoteSignal> values(List<SignalGlob> globs) throws InterruptedException {
    Map<String, RemoteSignal> chosen = new LinkedHashMap<>();
    describe(ids(globs))
        .forEach(
            (id, signal) -> {
              boolean isNamed = globs.stream().anyMatch(glob -> glob.toString().equals(id));
              if (isNamed && isLine(signal)) {
                streams.say(
                    "'" + id + "' is a linear domain: it has no samples but those of its signals");
              } else if (isNamed || !signal.isDomain()) {
                chosen.put(id, signal);
              }
            });
    if (chosen.isEmpty()) {
      throw new CliException(
          Daqstream.FAILED, "no signal with values is meant by " + globs + ", only domains");
    }
    return chosen;
  }

  @Override
  public void close() {
    notices.isClosing = true;
    client.close();
  }
}
