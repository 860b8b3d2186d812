/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.daqstream.itest.SignalClient.Packet;
import org.daqstream.protocol.DomainPair;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.LinearPacket;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.RowTime;
import org.daqstream.protocol.SampleReader;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.StructBuffer;

/**
 * A client that checks every sample it gets. It subscribes to signals whose samples are the number
 * of their row ({@code int64}; the test's own type, which also tells the version of its writer; or
 * {@code complex64}, whose first number has the bits of the row and whose second one is a version),
 * so that a lost, repeated, late or misplaced sample is seen; times must lie on one line.
 */
final class CountingClient implements AutoCloseable {
  private static final long TIMEOUT_MS = 20_000;

  private final Timeline timeline;
  private final SignalClient client;
  private final Map<Integer, Track> tracks = new HashMap<>();
  private final Map<String, Track> newest = new HashMap<>();
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<String, Integer> descriptions = new TreeMap<>();
  private final List<String> news = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int readNews;
  private boolean greeted;
  private boolean closed;

  /** The line of a table's time. */
  private static final class Line {
    RowTime time;
    int jumps;
  }

  /** One subscription of a signal. */
  private static final class Track {
    final String signalId;
    ObjectNode document;
    SignalDocument.Parsed parsed;
    SampleReader reader;
    long nextRow;
    long samples;
    int holes;
    long lastTick = Long.MIN_VALUE;
    int writerVersion;

    Track(String signalId) {
      this.signalId = signalId;
    }
  }

  CountingClient(String[] endpoints, Timeline timeline) throws Exception {
    this.timeline = timeline;
    client = new SignalClient(endpoints[0], endpoints[1], this::take);
    timeline.client("is connected");
  }

  /** Takes every packet, on the thread of the socket. */
  private synchronized boolean take(Packet packet) {
    if (!greeted) {
      greeted = packet.is("available");
      return false;
    }
    try {
      look(packet);
    } catch (ProtocolException e) {
      faults.add(e.getMessage());
    }
    notifyAll();
    return true;
  }

  private void look(Packet packet) throws ProtocolException {
    if (packet.closeCode() != 0) {
      closed = true;
      faults.add("the connection ended with code " + packet.closeCode());
    } else if (packet.metadata() == null) {
      takeData(packet.signo(), packet.data());
    } else {
      switch (packet.metadata().method()) {
        case "available", "unavailable" ->
            SignalClient.ids(packet).forEach(id -> tell(packet.metadata().method() + " " + id));
        case "subscribe" -> {
          Track track = new Track(packet.params().path("signalId").textValue());
          tracks.put(packet.signo(), track);
          newest.put(track.signalId, track);
        }
        case SignalMessage.METHOD -> describe(tracks.get(packet.signo()), packet.params());
        default -> {
          // of no interest
        }
      }
    }
  }

  private void tell(String what) {
    news.add(what);
    if (!what.endsWith("/time")) {
      timeline.client("sees " + what);
    }
  }

  private void describe(Track track, JsonNode params) throws ProtocolException {
    descriptions.merge(track.signalId, 1, Integer::sum);
    SignalMessage message = SignalMessage.parse(params);
    track.document =
        SignalDocument.merge(track.signalId, track.document, message.document(), Limits.DEFAULT);
    track.parsed = SignalDocument.parse(track.signalId, track.document, newest::containsKey);
    track.reader = SampleReader.of(track.parsed.descriptor());
    if (track.parsed.isDomain()) {
      Rule.Linear linear = (Rule.Linear) track.parsed.descriptor().rule();
      Line line = line(track);
      line.time = line.time == null ? new RowTime(linear.deltaTicks()) : line.time;
      line.time.setDelta(linear.deltaTicks());
      return;
    }
    long row = track.parsed.valueIndex().orElse(0);
    if (track.samples > 0 && row != track.nextRow) {
      track.holes++;
    }
    track.nextRow = row;
  }

  private Line line(Track track) {
    return lines.computeIfAbsent(track.parsed.tableId(), id -> new Line());
  }

  private void takeData(int signo, ByteBuffer data) throws ProtocolException {
    Track track = tracks.get(signo);
    if (track == null) {
      faults.add("data of the unknown signal number " + signo);
    } else if (track.parsed.isDomain()) {
      Line line = line(track);
      for (DomainPair pair : LinearPacket.parse(data).pairs()) {
        if (line.time.isKnown() && line.time.tickOf(pair.row()) != pair.tick()) {
          line.jumps++;
        }
        line.time.add(pair);
      }
    } else {
      takeSamples(track, data);
    }
  }

  private void takeSamples(Track track, ByteBuffer data) throws ProtocolException {
    Object samples = track.reader.readRaw(data);
    int count = track.reader.count(data);
    for (int i = 0; i < count; i++) {
      long value;
      if (samples instanceof StructBuffer records) {
        value = records.select(i).getLong(0);
        track.writerVersion = (int) records.getLong(1);
      } else if (samples instanceof double[] complex) {
        value = Double.doubleToRawLongBits(complex[2 * i]);
        track.writerVersion = (int) complex[2 * i + 1];
      } else {
        value = ((long[]) samples)[i];
      }
      if (value != track.nextRow) {
        faults.add(track.signalId + " has " + value + " in row " + track.nextRow);
      }
      long tick = line(track).time.tickOf(track.nextRow);
      if (tick <= track.lastTick) {
        faults.add(track.signalId + " goes back in time in row " + track.nextRow);
      }
      track.lastTick = tick;
      track.nextRow++;
      track.samples++;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
    while (!condition.holds()) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (leftMs <= 0 || closed) {
        throw new AssertionError(
            "no " + what + "; faults " + faults + "; seen so far:\n" + timeline);
      }
      wait(leftMs);
    }
  }

  private Track newest(String signalId) {
    return newest.getOrDefault(signalId, new Track(signalId));
  }

  /** Waits for the next {@code available id} or {@code unavailable id}; passes over others. */
  synchronized void awaitNews(String what) throws InterruptedException {
    await("'" + what + "'", () -> news.subList(readNews, news.size()).contains(what));
    readNews += news.subList(readNews, news.size()).indexOf(what) + 1;
  }

  /** Whether there is news since the last awaited one that is not about the time signals. */
  synchronized List<String> unreadNews() {
    return news.subList(readNews, news.size()).stream()
        .filter(what -> !what.endsWith("/time"))
        .toList();
  }

  /** How often each signal was described. */
  synchronized Map<String, Integer> descriptions() {
    return Map.copyOf(descriptions);
  }

  /** Forgets the news and what the timeline says of them, so that a long test does not grow. */
  synchronized void forgetNews() {
    news.clear();
    readNews = 0;
    timeline.clear();
  }

  /** Subscribes and does not wait for samples. */
  void subscribeOnly(String signalId) throws Exception {
    assertEquals("200 Succeeded", client.command("subscribe", signalId));
  }

  /** Subscribes and waits for the first samples. */
  void subscribe(String signalId) throws Exception {
    subscribeOnly(signalId);
    awaitSamples(signalId, 100);
    synchronized (this) {
      Track track = newest(signalId);
      long firstRow = track.nextRow - track.samples;
      timeline.client(
          "has samples of "
              + signalId
              + " from row "
              + firstRow
              + (track.writerVersion == 0 ? "" : ", written by version " + track.writerVersion));
    }
  }

  /** Waits until so many more samples have come. */
  synchronized void awaitSamples(String signalId, long more) throws InterruptedException {
    long enough = newest(signalId).samples + more;
    await(more + " samples of " + signalId, () -> newest(signalId).samples >= enough);
  }

  synchronized int writerVersion(String signalId) {
    return newest(signalId).writerVersion;
  }

  synchronized long samples(String signalId) {
    return newest(signalId).samples;
  }

  /** How often the time of a table left its line. */
  synchronized int jumps(String tableId) {
    return lines.get(tableId).jumps;
  }

  /** Fails if any sample was lost, repeated or misplaced, or the connection is not what it was. */
  synchronized void assertNothingLost(String signalId) {
    assertEquals(List.of(), faults);
    Track track = newest(signalId);
    assertEquals("holes of " + signalId, 0, track.holes);
    timeline.client(
        "lost nothing of %s: %d samples, rows %d to %d"
            .formatted(signalId, track.samples, track.nextRow - track.samples, track.nextRow - 1));
  }

  @Override
  public void close() {
    client.close();
  }
}
