/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.log.LogStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened so far, counted; and told to a logger so many times a minute for each kind, with
 * the number that was left out, so that no peer can fill a disk. Any thread.
 */
public final class ServerStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(ServerStatistics.class);

  /** Clients come and go in normal operation too; this many of them have a line each. */
  private static final int CLIENTS_PER_MINUTE = 100;

  private final LimitedLog connected = new LimitedLog(LOG::info, CLIENTS_PER_MINUTE);
  private final LimitedLog disconnected = new LimitedLog(LOG::info, CLIENTS_PER_MINUTE);
  private final LimitedLog tooSlow = new LimitedLog(LOG::warn, 1);
  private final LimitedLog gap = new LimitedLog(LOG::warn, 10);
  private final LimitedLog sampleTooLarge = new LimitedLog(LOG::warn, 1);
  private final LimitedLog silent = new LimitedLog(LOG::warn, 1);
  private final LimitedLog refused = new LimitedLog(LOG::warn, 1);
  private final LimitedLog notAccepted = new LimitedLog(LOG::warn, 1);
  private final LimitedLog malformed = new LimitedLog(LOG::info, 1);
  private final LimitedLog offers = new LimitedLog(LOG::info, 1);
  private final LimitedLog publishes = new LimitedLog(LOG::info, CLIENTS_PER_MINUTE);
  private final LimitedLog notTaken = new LimitedLog(LOG::warn, 1);
  private final LimitedLog badRequest = new LimitedLog(LOG::info, 1);
  private final LimitedLog denied = new LimitedLog(LOG::warn, 1);
  private final LimitedLog violation = new LimitedLog(LOG::info, 1);
  private final LimitedLog smallSendBuffer = new LimitedLog(LOG::warn, 1);
  private final LimitedLog unmasked = new LimitedLog(LOG::info, 1);
  private final LimitedLog pageFailed = new LimitedLog(LOG::warn, 1);
  private final LimitedLog stuck = new LimitedLog(LOG::error, 1);
  private final LimitedLog fault = new LimitedLog(LOG::error, 1);
  private final LogStatistics log = new LogStatistics();
  private final LongAdder goneSentBytes = new LongAdder();
  private final LongAdder goneDeliveredPackets = new LongAdder();

  public void connected(Client client) {
    connected.say(() -> client + " connected: " + client.identity().userAgent());
  }

  public void disconnected(Client client, String why) {
    disconnected.say(() -> client + " disconnected: " + why);
  }

  void tooSlow(Client client, String why) {
    tooSlow.say(
        () ->
            "%s reads too slowly and is disconnected: %s; it got %s bytes"
                .formatted(client, why, client.output().sentBytes()));
  }

  void lost(Client client, Loss loss) {
    gap.say(
        () ->
            "%s reads too slowly and lost rows %s to %s (not included) of signal %s, from tick %s: %s"
                .formatted(
                    client,
                    loss.fromRow(),
                    loss.toRow(),
                    loss.signalId(),
                    loss.fromTick(),
                    loss.reason()));
  }

  void sampleTooLarge(Client client, String what) {
    sampleTooLarge.say(
        () ->
            "%s at %s is disconnected: %s is not offered to %s clients any more"
                .formatted(
                    client.identity().name(),
                    named(client.identity().address()),
                    what,
                    client.profile()));
  }

  void silent(Client client) {
    silent.say(() -> client + " does not answer pings any more and is disconnected");
  }

  public void refused(Object address, String why) {
    refused.say(() -> "connection from " + named(address) + " refused: " + why);
  }

  public void malformed(Client client, String what) {
    malformed.say(() -> client + " sent what is ignored: " + what);
  }

  public void offers(Client client, List<String> signalIds) {
    offers.say(
        () ->
            "%s offers %s signals of its own, none of which is taken: %s"
                .formatted(client, signalIds.size(), String.join(", ", signalIds)));
  }

  public void publishes(Client client, String prefix) {
    publishes.say(() -> client + " publishes signals, taken with the prefix '" + prefix + "'");
  }

  public void notTaken(Client client, String why) {
    notTaken.say(() -> "signals of " + client + " are not taken: " + why);
  }

  public long offersCount() {
    return offers.count();
  }

  /** Of a client, or of an address that is none. */
  public void badRequest(Object peer, String why) {
    badRequest.say(() -> "request of " + named(peer) + " refused: " + why);
  }

  /** Of an address, or of a client. */
  public void denied(Object peer, String why) {
    denied.say(() -> named(peer) + " is denied: " + why);
  }

  public void violation(Client client, String why) {
    violation.say(() -> client + " broke the WebSocket protocol: " + why);
  }

  private static String named(Object peer) {
    return peer instanceof InetSocketAddress address
        ? ClientStatus.hostAndPort(address)
        : String.valueOf(peer);
  }

  public void notAccepted(Throwable cause) {
    notAccepted.say(() -> "cannot accept a connection: " + cause.getMessage());
  }

  public void smallSendBuffer(int wantedBytes, int grantedBytes) {
    smallSendBuffer.say(
        () ->
            "key sendBufferBytes = %s: the system grants %s (on Linux see net.core.wmem_max)"
                .formatted(wantedBytes, grantedBytes));
  }

  public void unmasked(Client client) {
    unmasked.say(() -> client + " sends unmasked frames; they are accepted");
  }

  public void pageFailed(Object page, Throwable cause) {
    pageFailed.say(() -> "HTTP page " + page.getClass().getName() + " failed: " + cause);
  }

  /** Something failed that should not be able to; what it was ends or is left out because of it. */
  public void fault(Object what, Throwable cause) {
    LOG.debug("fault: {}", what, cause);
    fault.say(() -> "fault, " + what + ": " + cause + at(cause));
  }

  /** The fan-out makes no turns. */
  public void stuck(String whereabouts) {
    stuck.say(
        () ->
            "the fan-out has not made a turn for long, clients get nothing; only a restart of the "
                + "bundle or the process helps; it is at "
                + whereabouts);
  }

  /** Where it was thrown; the whole trace comes with level DEBUG, for a peer might cause many. */
  private static String at(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  /** Keeps the sums of a client that is gone. */
  void gone(Client client) {
    goneSentBytes.add(client.output().sentBytes());
    goneDeliveredPackets.add(client.deliveredPackets());
  }

  public long goneSentBytes() {
    return goneSentBytes.sum();
  }

  public long goneDeliveredPackets() {
    return goneDeliveredPackets.sum();
  }

  public LogStatistics ofLog() {
    return log;
  }

  /** How often each event occurred. */
  public Map<ServerEvent, Long> events() {
    Map<ServerEvent, Long> events = new EnumMap<>(ServerEvent.class);
    for (ServerEvent event : ServerEvent.values()) {
      events.put(event, count(event));
    }
    return events;
  }

  /** How often an event occurred. */
  public long count(ServerEvent event) {
    return switch (event) {
      case CONNECTED -> connected.count();
      case DISCONNECTED -> disconnected.count();
      case TOO_SLOW -> tooSlow.count();
      case REFUSED -> refused.count();
      case NOT_ACCEPTED -> notAccepted.count();
      case BLOCK_TOO_LARGE -> log.tooLargeCount();
      case MALFORMED -> malformed.count();
      case BAD_REQUEST -> badRequest.count();
      case PROTOCOL_VIOLATION -> violation.count();
      case SAMPLE_TOO_LARGE -> sampleTooLarge.count();
      case SILENT -> silent.count();
      case GAP -> gap.count();
      case DENIED -> denied.count();
    };
  }
}
