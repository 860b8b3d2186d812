/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;

/** Both ends of a stream of the type that is tested, and what was sent from one to the other. */
final class StreamEnds {
  private final StreamTransport transport;
  private final IntFunction<Map<String, Object>> inputParameters;
  private final IntFunction<Map<String, Object>> outputParameters;
  private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
  private final List<byte[]> sent = new ArrayList<>();
  private long sentBytes;
  private int port;

  final RecordingSink inSink = new RecordingSink();
  RecordingSink outSink = new RecordingSink();
  TransportInput input;
  TransportOutput output;

  StreamEnds(
      StreamTransport transport,
      IntFunction<Map<String, Object>> inputParameters,
      IntFunction<Map<String, Object>> outputParameters) {
    this.transport = transport;
    this.inputParameters = inputParameters;
    this.outputParameters = outputParameters;
  }

  /** Of the last input, 0 when it has none. */
  int port() {
    return port;
  }

  /** At the same place as the one before. */
  void openInput() throws StreamException {
    openInput(inSink);
  }

  private void openInput(InputSink sink) throws StreamException {
    Map<String, Object> parameters = inputParameters.apply(port);
    input =
        transport.openInput(
            "contract", new StreamDefinition("in", "t", StreamDirection.IN, parameters), sink);
    port = Math.max(0, input.boundPort());
  }

  /** Its sink is full each time, and has room again before it has said so. */
  void openInputThatIsResumedAtOnce() throws StreamException {
    CompletableFuture<TransportInput> opened = new CompletableFuture<>();
    openInput(
        new InputSink() {
          @Override
          public boolean data(long peerId, ByteBuffer data, Runnable release) {
            inSink.data(peerId, data, release);
            CompletableFuture.runAsync(() -> opened.join().resume()).join();
            return false;
          }

          @Override
          public long peerUp(String address) {
            return inSink.peerUp(address);
          }

          @Override
          public void peerDown(long peerId, String cause) {
            inSink.peerDown(peerId, cause);
          }

          @Override
          public void failed(String cause) {
            inSink.failed(cause);
          }
        });
    opened.complete(input);
  }

  /** To the input. */
  void openOutput() throws StreamException {
    Map<String, Object> parameters = outputParameters.apply(port);
    output =
        transport.openOutput(
            "contract", new StreamDefinition("out", "t", StreamDirection.OUT, parameters), outSink);
  }

  /** To an input that there is not. */
  void openOutputAlone() throws StreamException {
    openInput();
    input.close();
    openOutput();
  }

  /** Offers a message and remembers it when it is taken. */
  StreamResult offer(byte[] message) {
    StreamResult result = output.offer(ByteBuffer.wrap(message));
    if (result == StreamResult.OK) {
      remember(message);
    }
    return result;
  }

  void remember(byte[] message) {
    sent.add(message);
    sentBytes += message.length;
  }

  int sentCount() {
    return sent.size();
  }

  long sentBytes() {
    return sentBytes;
  }

  /** Whether what has arrived from all peers together is what was sent. */
  boolean arrivedAsSent(boolean inMessages) {
    List<byte[]> arrived =
        inSink.up().stream().flatMap(peer -> inSink.messages(peer).stream()).toList();
    return inMessages
        ? Arrays.deepEquals(sent.toArray(), arrived.toArray())
        : Arrays.equals(all(sent), all(arrived));
  }

  private static byte[] all(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Offers numbers, each with that of the thread; by several threads. */
  void offerNumbers(int thread, int count, BiConsumer<String, BooleanSupplier> await) {
    for (int i = 0; i < count; i++) {
      ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putInt(0, thread).putInt(4, i);
      await.accept("room for a number", () -> output.offer(number) == StreamResult.OK);
    }
  }

  /** Those of each thread have arrived in order, and none was cut. */
  void assertNumbersInOrder(int threads, int count) {
    int[] next = new int[threads];
    ByteBuffer numbers = ByteBuffer.wrap(inSink.bytes(inSink.up().get(0)));
    while (numbers.hasRemaining()) {
      int thread = numbers.getInt();
      int number = numbers.getInt();
      if (thread < 0 || thread >= threads || number != next[thread]++) {
        throw new AssertionError("number " + number + " of thread " + thread + " is out of order");
      }
    }
    for (int i = 0; i < threads; i++) {
      assertEquals("numbers of thread " + i, count, next[i]);
    }
  }

  /** What must not have been called on the sinks. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(inSink.faults());
    faults.addAll(outSink.faults());
    return faults;
  }

  /** Closes both ends, if they are open. */
  void close() {
    if (output != null) {
      output.close(0);
    }
    if (input != null) {
      input.close();
    }
  }

  /** Whether all threads have ended that were not there at the beginning. */
  boolean noThreadIsLeft() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> !before.contains(thread) && isOfTransport(thread));
  }

  private static boolean isOfTransport(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return thread.isAlive()
        && group != null
        && !group.getName().equals("system")
        && !thread.getName().startsWith("ForkJoinPool");
  }
}
