/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.PackedBytes;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.server.internal.web.KnownPeople;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * To somebody who may see a few signals a server sends the same bytes, however many there are that
 * he may not see, and whatever becomes of those; and the bytes that others get, but for numbers.
 */
public class HiddenSignalsTest {
  private static final String LT = "User-Agent: Boost.Beast/345 stream-client";
  private static final String FULL = "User-Agent: daqstream/test";
  private static final List<String> CONTRACTS =
      List.of(
          "open/b?contract=latest&perSecond=1000",
          "open/b?contract=envelope&perSecond=500",
          "open/b?contract=latest&perSecond=999");

  @org.junit.Rule public final Timeout timeout = Timeout.seconds(120);

  /** A frame that a client got. */
  private record Frame(int firstByte, String payload) {
    static Frame of(Peer.Frame frame) {
      return new Frame(frame.firstByte(), HexFormat.of().formatHex(frame.payload().array()));
    }

    private int header() {
      byte[] header = HexFormat.of().parseHex(payload, 0, 2 * Integer.BYTES);
      return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    int number() {
      return header() & PacketHeader.SIGNO_MAX;
    }

    boolean isData() {
      return header() >>> 28 == PacketHeader.DATA;
    }

    boolean isResponse() {
      byte[] bytes = HexFormat.of().parseHex(payload);
      return !isData() && new String(bytes, StandardCharsets.ISO_8859_1).contains("response");
    }

    @Override
    public String toString() {
      if (payload.startsWith("[")) {
        return payload;
      }
      byte[] bytes = HexFormat.of().parseHex(payload);
      String text =
          isData()
              ? payload
              : new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("\\W", " ");
      return number() + (isData() ? " data " : " ") + text;
    }

    /** What is the same under every number. */
    String rest() {
      return Integer.toHexString(header() >>> 20) + payload.substring(2 * Integer.BYTES);
    }
  }

  /** A server on which the same happens to the signals that a client sees. */
  private static final class Plant implements AutoCloseable {
    private final TestServer server =
        new TestServer("login", "needed", "aliveIntervalMs", 0, "pingIntervalMs", 0);
    private final int hiddenAtATime;
    private final List<SignalTap> hidden = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final TableTap open;
    private final SignalTap b;
    private final SignalTap constant;
    private final SignalTap kept;
    private final SignalTap event;
    private final SignalTap binary;
    private final Peer peer;
    private SignalTap a;
    private int hiddenCount;
    private long row;
    private long requests;

    Plant(int hiddenAtATime, String token, String agent) throws Exception {
      this.hiddenAtATime = hiddenAtATime;
      Globs few = new Globs(List.of("open/*"));
      Globs none = new Globs(List.of());
      server.roles.set("guest", new Rights(few, new Globs(List.of("**")), none, Set.of()));
      server.authenticators.add(
          new KnownPeople().with("all", "everything").with("few", "guest"), Map.of());
      hide(null);
      open = server.table("open/time");
      a = open("open/a");
      b = open("open/b");
      kept =
          open.openSignal(
              SignalDescriptor.value("open/kept", "real64")
                  .relatedSignals(List.of(new RelatedSignal("status", "open/a")))
                  .replayLast(true)
                  .build(),
              new Doubles());
      hide(open);
      constant =
          open.openSignal(
              SignalDescriptor.value("open/constant", "int32").rule(Rule.CONSTANT).build(),
              new PackedBytes("int32", Integer.BYTES));
      hide(open);
      TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("open/at"));
      event = TestServer.signal(events, "open/event");
      hide(events);
      binary =
          open.openSignal(
              SignalDescriptor.value("open/binary", "binary").build(),
              new PackedBytes("binary", SignalWriter.VARIABLE));
      hide(open);
      Peer other = server.connect("Authorization: Bearer all", FULL);
      Dialogue.subscribe(
          server,
          other,
          IntStream.range(0, hiddenAtATime).mapToObj(i -> "secret/" + i).toArray(String[]::new));
      new Thread(other::readFramesToEnd).start(); // ends with the server
      peer = new Peer(server.port());
      peer.upgrade("/", "Authorization: Bearer " + token, agent);
      frames.add(Frame.of(peer.readFrame()));
      peer.sessionId = peer.next("init").params().path("streamId").textValue(); // a random one
      frames.add(Frame.of(peer.readFrame()));
    }

    private SignalTap open(String signalId) {
      SignalTap signal = TestServer.signal(open, signalId);
      hide(open);
      return signal;
    }

    /** Some hidden signals come, on a table of their own and, if there is one, on another one. */
    private void hide(TableTap shared) {
      if (hiddenAtATime == 0) {
        return;
      }
      TableTap table = server.table("secret/time " + hiddenCount);
      for (int i = 0; i < hiddenAtATime; i++) {
        TableTap home = shared == null || i % 2 == 0 ? table : shared;
        hidden.add(TestServer.signal(home, "secret/" + hiddenCount++));
      }
    }

    /** Some hidden signals go, and others come. */
    private void change() {
      for (int i = 0; i < hiddenAtATime; i++) {
        hidden.remove(hidden.size() - 1).close();
      }
      hide(open);
    }

    private void writeHidden() {
      double[] sample = {row};
      hidden.forEach(each -> each.accept(row, row * DELTA, null, sample, 0, 1));
    }

    private void write() {
      for (int size : new int[] {1, 7, 100, 20_000}) {
        long[] ticks = new long[size];
        double[] samples = new double[size];
        for (int i = 0; i < size; i++) {
          ticks[i] = (row + i) * DELTA;
          samples[i] = row + i;
        }
        a.accept(row, ticks[0], null, samples, 0, size);
        event.accept(row, ticks[0], ticks, samples, 0, size);
        kept.accept(row, ticks[0], null, samples, 0, size);
        constant.accept(row, ticks[0], null, new byte[] {(byte) row, 0, 0, 0}, 0, 1);
        binary.accept(row, ticks[0], null, new byte[][] {new byte[size]}, 0, 1);
        b.accept(row, ticks[0], null, samples, 0, size);
        row += size;
      }
    }

    private Frame read() throws Exception {
      return Frame.of(peer.readFrame());
    }

    /** Takes what comes up to the answer to a command. */
    private void ask(String command, String... signalIds) throws Exception {
      Dialogue.request(peer, ++requests, command, signalIds);
      do {
        frames.add(read());
      } while (!frames.get(frames.size() - 1).isResponse());
    }

    List<Frame> story() throws Exception {
      write();
      ask("subscribe", "open/b", "secret/1", "open/event", "open/kept");
      change();
      ask("subscribe", "open/constant", "open/a", "secret/1?contract=gap");
      write();
      writeHidden();
      ask("subscribe", "open/binary", "nothing");
      ask("unsubscribe", "open/event", "open/a");
      change();
      write();
      ask("subscribe", "open/event", "open/at", "open/time", "open/a");
      a.close();
      change();
      a = open("open/new");
      ask("subscribe", "open/new");
      row += 100; // a hole
      write();
      b.update(
          SignalDescriptor.value("open/b", "real64").description("new").build(), new Doubles());
      change();
      write();
      ask("unsubscribe", "open/event", "open/constant", "open/kept", "open/new", "open/binary");
      ask("unsubscribe", "open/time", "open/b", "open/at");
      return frames;
    }

    /** Goes on with signals that are made for clients. */
    List<Frame> storyOfContracts() throws Exception {
      for (String id : CONTRACTS) {
        ask("subscribe", id);
        change();
        b.accept(row, row * DELTA, null, new double[20], 0, 20);
        row += 20;
        Set<Integer> numbers = new TreeSet<>(); // how many packets of them come is up to clocks
        Frame frame = read();
        while (!frame.isResponse()) {
          if (frame.isData()) {
            numbers.add(frame.number());
          } else {
            frames.add(frame);
          }
          if (numbers.size() == 2 && frame.isData()) {
            Dialogue.request(peer, ++requests, "unsubscribe", id);
            numbers.add(0); // once
          }
          frame = read();
        }
        frames.add(new Frame(0, numbers.toString()));
      }
      return frames;
    }

    @Override
    public void close() throws IOException {
      peer.close();
      server.close();
    }
  }

  private static List<Frame> story(int hiddenAtATime, String token, String agent) throws Exception {
    try (Plant plant = new Plant(hiddenAtATime, token, agent)) {
      plant.story();
      return agent.equals(FULL) ? plant.storyOfContracts() : plant.frames;
    }
  }

  private static void expectSame(List<Frame> expected, List<Frame> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertEquals("frame " + i, expected.get(i), actual.get(i));
    }
    assertEquals(expected.size(), actual.size());
  }

  private static void seesTheSame(String agent) throws Exception {
    List<Frame> few = story(1, "few", agent);
    expectSame(few, story(40, "few", agent)); // 280 at first, 600 in all
    expectSame(few, story(0, "few", agent));
  }

  @Test
  public void ourClientSeesTheSameHoweverManyThereAre() throws Exception {
    seesTheSame(FULL);
  }

  @Test
  public void stockClientSeesTheSameHoweverManyThereAre() throws Exception {
    seesTheSame(LT);
  }

  @Test
  public void clientWithSmallPacketsSeesTheSameHoweverManyThereAre() throws Exception {
    seesTheSame(Dialogue.WS_STREAMING);
  }

  /** Those who see all get them as they stand in the log. */
  @Test
  public void whatOneSeesIsWhatOthersGetButForNumbers() throws Exception {
    for (String agent : List.of(FULL, LT, Dialogue.WS_STREAMING)) {
      List<Frame> own;
      List<Frame> servers;
      try (Plant one = new Plant(0, "few", agent);
          Plant other = new Plant(0, "all", agent)) {
        own = one.story();
        servers = other.story();
      }
      assertEquals(servers.size(), own.size());
      Map<Integer, Integer> ofServer = new HashMap<>();
      int highest = 0;
      for (int i = 0; i < own.size(); i++) {
        assertEquals("frame " + i, servers.get(i).firstByte, own.get(i).firstByte);
        assertEquals("frame " + i, servers.get(i).rest(), own.get(i).rest());
        int number = own.get(i).number();
        int serverNumber = servers.get(i).number();
        assertEquals(serverNumber, (int) ofServer.merge(number, serverNumber, (was, is) -> was));
        assertTrue("a number is left out", number <= highest + 1);
        highest = Math.max(highest, number);
      }
      assertEquals("no two are one", ofServer.size(), Set.copyOf(ofServer.values()).size());
    }
  }
}
