/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;

/**
 * A module with one stream, {@code data}, that does what a test tells it. Its service has a type of
 * the JDK, so that a test can call it although it has another copy of this class.
 */
public final class CommandedModule
    implements UnaryOperator<String>, StreamCallback, StreamListener {

  /** Service property: the instance. */
  public static final String MODULE = "module";

  private static final String STREAM = "data";
  private static final long EVENT_MS = 10_000;

  private final StreamClient streams;
  private final Queue<String> events = new ArrayDeque<>();
  private int handle;

  /** As a component. */
  public CommandedModule(StreamClient streams) {
    this.streams = streams;
  }

  /**
   * Does one of {@code in}, {@code out} (opens), {@code write TEXT}, {@code fill BYTES}, {@code
   * close MS}, {@code event} (waits for one), {@code drain} (bytes of all that waits).
   *
   * @return the number of the result, the event as text, or bytes
   */
  @Override
  public String apply(String command) {
    String[] words = command.split(" ", 2);
    try {
      return switch (words[0]) {
        case "in" -> opened(streams.openInput(STREAM, this, this));
        case "out" -> opened(streams.openOutput(STREAM, this));
        case "write" -> "" + streams.write(handle, words[1].getBytes(US_ASCII)).number();
        case "fill" -> "" + streams.write(handle, new byte[Integer.parseInt(words[1])]).number();
        case "close" -> closed(streams.close(handle, Long.parseLong(words[1])));
        case "event" -> event();
        case "drain" -> "" + drain();
        default -> throw new IllegalArgumentException(command);
      };
    } catch (StreamException e) {
      return "" + e.result().number();
    }
  }

  private String opened(int newHandle) {
    handle = newHandle;
    return "0";
  }

  private static String closed(CloseResult result) {
    return result.result().number() + (result.lostMessages() > 0 ? " with loss" : "");
  }

  private String event() {
    if (events.isEmpty()) {
      streams.processEvent(EVENT_MS);
    }
    return String.valueOf(events.poll());
  }

  private long drain() {
    long bytes = 0;
    while (streams.processEvent(100).number() == 0) {
      String event = events.poll();
      bytes += event != null && event.startsWith("data ") ? event.length() - "data ".length() : 0;
    }
    return bytes;
  }

  @Override
  public void data(long peerId, ByteBuffer data) {
    events.add("data " + US_ASCII.decode(data));
  }

  @Override
  public void peerUp(long peerId, String address) {
    events.add("up");
  }

  @Override
  public void peerDown(long peerId, String cause) {
    events.add("down");
  }

  @Override
  public void ended(String cause) {
    events.add("ended " + cause);
  }
}
