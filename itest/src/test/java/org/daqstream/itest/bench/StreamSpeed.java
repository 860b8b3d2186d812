/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;

/**
 * How fast messages go from one module to another through the register, over a transport and the
 * loopback. Both modules have a thread of their own, the parameters are the defaults.
 */
final class StreamSpeed {
  private static final String OUT = "bench-out";
  private static final String IN = "bench-in";
  private static final String STREAM = "s";
  private static final int FULL_NANOS = 20_000;
  private static final long FLUSH_MS = 20_000;
  private static final long PERIOD_NANOS = 1_000_000;

  private final Bench bench;
  private final StreamRegister register;

  StreamSpeed(Bench bench) {
    this.bench = bench;
    this.register = bench.runtime().streams();
  }

  /** As many messages as reach the receiving module. */
  Snapshot throughput(String type, int messageBytes) throws Exception {
    try (Pair pair = new Pair(type, messageBytes, null)) {
      Thread writer = new Thread(pair::saturate, "bench-writer");
      writer.start();
      bench.warmUp();
      Snapshot before = pair.snapshot();
      bench.measure();
      Snapshot after = pair.snapshot();
      pair.stopped = true;
      Pause.untilEnd(writer);
      return after.since(before);
    }
  }

  /** From the call that writes until the callback has the last byte, a thousand times a second. */
  Percentiles latency(String type, int messageBytes) throws Exception {
    SendTimes times = new SendTimes(messageBytes);
    try (Pair pair = new Pair(type, messageBytes, times)) {
      return times.measure(bench, pair::write);
    }
  }

  /** When messages were sent, and how long they took. */
  static final class SendTimes {
    private static final int REMEMBERED = 1 << 16;

    private final int messageBytes;
    private final long[] sentNanos = new long[REMEMBERED];
    private final AtomicLong sent = new AtomicLong();
    private volatile Histogram histogram = new Histogram();
    private long received; // receiving thread only
    private long receivedBytes; // receiving thread only

    SendTimes(int messageBytes) {
      this.messageBytes = messageBytes;
    }

    /** The receiving thread has got more bytes. */
    void received(int bytes) {
      receivedBytes += bytes;
      long now = System.nanoTime();
      while (received < receivedBytes / messageBytes) {
        if (received < sent.get()) { // makes the time visible
          histogram.record(now - sentNanos[(int) (received % REMEMBERED)]);
        }
        received++;
      }
    }

    Percentiles measure(Bench bench, Sender sender) throws Exception {
      long measureFrom = bench.warmUpNanos() / PERIOD_NANOS;
      long end = measureFrom + bench.measureNanos() / PERIOD_NANOS;
      ByteBuffer message = ByteBuffer.allocateDirect(messageBytes);
      long next = System.nanoTime();
      for (long number = 0; number < end; number++) {
        if (number == measureFrom) {
          histogram = new Histogram();
        }
        next += PERIOD_NANOS;
        Pause.untilNanos(next);
        sentNanos[(int) (number % REMEMBERED)] = System.nanoTime();
        sent.set(number + 1);
        sender.send(message.clear());
      }
      Pause.millis(50);
      return histogram.percentiles();
    }
  }

  /** Sends one message. */
  interface Sender {
    void send(ByteBuffer message) throws Exception;
  }

  /** Two modules with a stream between them. */
  private final class Pair implements AutoCloseable {
    private final int messageBytes;
    private final StreamClient in = register.client(IN);
    private final StreamClient out = register.client(OUT);
    private final AtomicLong receivedBytes = new AtomicLong();
    private final int output;
    private final Thread reader;
    private volatile boolean stopped;

    Pair(String type, int messageBytes, SendTimes times) throws Exception {
      this.messageBytes = messageBytes;
      deploy(type, 0);
      int input =
          in.openInput(
              STREAM,
              (peer, data) -> {
                receivedBytes.lazySet(receivedBytes.get() + data.remaining());
                if (times != null) {
                  times.received(data.remaining());
                }
              });
      deploy(type, in.info(input).orElseThrow().boundPort());
      output = out.openOutput(STREAM);
      reader = new Thread(this::read, "bench-reader");
      reader.start();
    }

    private void deploy(String type, int port) throws Exception {
      boolean nng = type.equals("nng");
      register.deploy("bench " + IN, manifest(IN, type, "in", nng, "listen", "pull", 0));
      if (port > 0) {
        register.deploy("bench " + OUT, manifest(OUT, type, "out", nng, "dial", "push", port));
      }
    }

    private Snapshot snapshot() {
      return Snapshot.take(null, 0, receivedBytes.get() / messageBytes);
    }

    private void read() {
      StreamResult result = StreamResult.OK;
      while (result != StreamResult.SHOULDEXIT) {
        result = in.processEvent(-1);
      }
    }

    private void saturate() {
      ByteBuffer message = ByteBuffer.allocateDirect(messageBytes);
      while (!stopped) {
        if (out.write(output, message) != StreamResult.OK) {
          LockSupport.parkNanos(FULL_NANOS);
        }
      }
    }

    private void write(ByteBuffer message) {
      if (out.write(output, message) != StreamResult.OK) {
        throw new IllegalStateException("the queue is full");
      }
    }

    @Override
    public void close() {
      stopped = true;
      bench.countErrors(out.close(output, FLUSH_MS).lostMessages());
      out.close();
      in.requestStop();
      Pause.untilEnd(reader);
      in.streams().forEach(stream -> in.close(stream.handle()));
      in.close();
      register.undeploy("bench " + IN);
      register.undeploy("bench " + OUT);
    }
  }

  private static String manifest(
      String instance,
      String type,
      String direction,
      boolean nng,
      String mode,
      String protocol,
      int port) {
    String parameters =
        nng
            ? "{\"mode\":\"%s\",\"protocol\":\"%s\",\"connection_string\":\"tcp://127.0.0.1:%d\"}"
                .formatted(mode, protocol, port)
            : "{\"type\":\"tcp\",\"domain\":\"IPv4\",\"hostname\":\"127.0.0.1\",\"port\":\"%d\"}"
                .formatted(port);
    return "{\"instanceSpecs\":{\"%s\":{\"streams\":{\"%s\":{\"type\":\"%s\",\"direction\":\"%s\",\"parameters\":%s}}}}}"
        .formatted(instance, STREAM, type, direction, parameters);
  }
}
