/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeFalse;
import static org.junit.Assume.assumeTrue;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.junit.After;
import org.junit.Test;

/**
 * The part of {@link StreamTransportContract} that is about parameters, opening and closing, and
 * what is left afterwards.
 */
public abstract class StreamLifeContract {
  /** What a type cannot do; the tests of it are left out. */
  public enum Lack {
    /** Messages arrive as a flow of bytes, an empty one not at all. */
    BORDERS,
    /** Neither side knows whether there is another. */
    PEERS,
    /** What the other side cannot take at once is lost. */
    QUEUE,
    /** Nothing arrives. */
    DELIVERY
  }

  /** The largest message that is sent here; also the one that fills up the way to an input. */
  static final int LARGE_BYTES = 60_000;

  static final long FLUSH_MS = 20_000;
  static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);

  private final StreamTransport transport;
  private final List<Lack> lacks;
  final StreamEnds ends;

  StreamLifeContract(StreamTransport transport, Lack... lacks) {
    this.transport = transport;
    this.lacks = List.of(lacks);
    this.ends = new StreamEnds(transport, this::inputParameters, this::outputParameters);
  }

  /**
   * Parameters of an input that is reached from this machine only.
   *
   * @param port to listen on, 0: any; of no meaning for a type without ports, which listens at the
   *     same place each time
   */
  protected abstract Map<String, Object> inputParameters(int port);

  /**
   * Parameters of an output to such an input, which can be opened although there is none. A small
   * queue makes the tests faster.
   *
   * @param port of the input, 0 when it has none
   */
  protected abstract Map<String, Object> outputParameters(int port);

  /** Parameters that are refused, by the key that is named. */
  protected abstract Map<String, Map<String, Object>> wrongParameters(StreamDirection direction);

  /** The longest message that an output with these parameters takes, Integer.MAX_VALUE: any. */
  protected abstract int longestMessageBytes();

  /** How long to wait for what must happen. */
  protected long timeoutMs() {
    return 30_000;
  }

  final boolean canDo(Lack needed) {
    return !lacks.contains(needed);
  }

  final void assumeIsAbleTo(Lack... needed) {
    for (Lack lack : needed) {
      assumeFalse("the type has no " + lack, lacks.contains(lack));
    }
  }

  final void await(String what, BooleanSupplier isSo) {
    Await.until(what, timeoutMs(), isSo);
  }

  /** Ends what a test has left open. */
  @After
  public final void endStreams() {
    ends.close();
    assertEquals("calls on the sinks that must not be", List.of(), ends.faults());
  }

  final void openBoth() throws StreamException {
    ends.openInput();
    ends.openOutput();
  }

  /** Offers until it is taken, and waits for what would be lost otherwise. */
  final void send(byte[] message) {
    await("room for a message", () -> ends.offer(message) == StreamResult.OK);
    if (!canDo(Lack.QUEUE) && canDo(Lack.DELIVERY)) {
      awaitArrival();
    }
  }

  final void awaitArrival() {
    await("arrival of " + ends.sentBytes() + " bytes in " + ends.sentCount(), this::isThere);
    assertTrue("what arrived is what was sent", ends.arrivedAsSent(canDo(Lack.BORDERS)));
  }

  private boolean isThere() {
    return ends.inSink.byteCount() >= ends.sentBytes()
        && (!canDo(Lack.BORDERS) || ends.inSink.count() >= ends.sentCount());
  }

  static byte[] message(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  final int largeBytes() {
    return Math.min(LARGE_BYTES, longestMessageBytes());
  }

  @Test
  public void wrongParametersAreNamed() {
    for (StreamDirection direction : StreamDirection.values()) {
      wrongParameters(direction)
          .forEach(
              (key, parameters) -> {
                List<ParameterProblem> problems = transport.validate(direction, parameters);
                assertTrue(
                    direction + ", key " + key + " is wrong and named: " + problems,
                    problems.stream()
                        .anyMatch(p -> p.fatal() && key.equals(p.key()) && !p.message().isBlank()));
              });
    }
  }

  @Test
  public void unknownParametersAreIgnored() { // case 38
    for (StreamDirection direction : StreamDirection.values()) {
      Map<String, Object> parameters =
          new LinkedHashMap<>(
              direction == StreamDirection.IN ? inputParameters(1) : outputParameters(1));
      parameters.put("something-else", 1L);
      assertEquals(List.of(), transport.validate(direction, parameters));
    }
  }

  @Test
  public void validatingTouchesNoNetwork() throws Exception {
    ends.openInput();
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(), transport.validate(StreamDirection.IN, inputParameters(ends.port())));
      assertEquals(
          List.of(), transport.validate(StreamDirection.OUT, outputParameters(ends.port())));
    }
    ends.openOutput();
    if (canDo(Lack.PEERS) && canDo(Lack.DELIVERY)) {
      await("the first peer", () -> ends.inSink.up().size() == 1);
      assertEquals("connects", 1, ends.input.statistics().connects());
    }
  }

  @Test
  public void anAddressIsFreeWhenItsInputHasClosed() throws Exception { // cases 4, 66
    ends.openInput();
    int port = ends.input.boundPort();
    for (int i = 0; i < 3; i++) {
      ends.input.close();
      ends.input.close();
      ends.openInput();
      assertEquals("port", port, ends.input.boundPort());
    }
  }

  @Test
  public void anAddressThatIsTakenIsAnError() throws Exception { // case 67
    ends.openInput();
    assumeTrue("the type has ports", ends.input.boundPort() > 0);
    TransportInput first = ends.input;
    StreamException e =
        assertThrows("a second input", StreamException.class, () -> ends.openInput());
    assertEquals(StreamResult.ERROR, e.result());
    assertFalse("message", e.getMessage().isBlank());
    assertTrue("the first one stays", first == ends.input && first.boundPort() > 0);
  }

  @Test
  public void closingSendsWhatIsQueued() throws Exception { // cases 43, 88
    assumeIsAbleTo(Lack.DELIVERY);
    openBoth();
    for (int i = 0; i < 50; i++) {
      send(message(largeBytes(), i));
    }
    assertEquals(NOTHING_LOST, ends.output.close(FLUSH_MS));
    awaitArrival();
    assertEquals(
        "a write afterwards", StreamResult.ERROR, ends.output.offer(ByteBuffer.allocate(1)));
    assertEquals("closed again", NOTHING_LOST, ends.output.close(FLUSH_MS));
  }

  @Test
  public void closingReportsWhatIsLost() throws Exception { // case 48
    assumeIsAbleTo(Lack.QUEUE, Lack.DELIVERY);
    ends.openOutputAlone();
    for (int i = 0; i < 3; i++) {
      assertEquals(StreamResult.OK, ends.output.offer(ByteBuffer.allocate(10)));
    }
    long startNanos = System.nanoTime();
    CloseResult result = ends.output.close(100);
    assertTrue("waits for the deadline", Await.sinceMs(startNanos) >= 90);
    assertTrue("not for longer", Await.sinceMs(startNanos) < timeoutMs());
    assertEquals("result", StreamResult.TIMEDOUT, result.result());
    assertEquals("messages lost", 3, result.lostMessages());
    assertTrue("bytes lost: " + result.lostBytes(), result.lostBytes() >= 30);
    CloseResult again = ends.output.close(0);
    assertTrue("closed again: " + again, again.equals(result) || again.equals(NOTHING_LOST));
  }

  @Test
  public void closingWithNothingQueuedIsImmediate() throws Exception { // case 49
    ends.openOutputAlone();
    long startNanos = System.nanoTime();
    assertEquals(NOTHING_LOST, ends.output.close(TimeUnit.HOURS.toMillis(1)));
    assertTrue("at once", Await.sinceMs(startNanos) < timeoutMs());
    assertEquals(
        "a write afterwards", StreamResult.ERROR, ends.output.offer(ByteBuffer.allocate(1)));
  }

  @Test
  public void aClosedInputCallsNobody() throws Exception { // case 20
    assumeIsAbleTo(Lack.DELIVERY);
    openBoth();
    send(message(3, 3));
    awaitArrival();
    ends.input.close();
    int calls = ends.inSink.calls();
    ends.output.offer(ByteBuffer.allocate(4));
    ends.output.close(0);
    await("end of all threads", ends::noThreadIsLeft);
    assertEquals("calls of a closed input", calls, ends.inSink.calls());
  }

  @Test
  public void threadsEnd() throws Exception { // case 15
    for (int i = 0; i < 3; i++) {
      openBoth();
      ends.output.offer(ByteBuffer.allocate(1));
      ends.inSink.setFull(i == 1);
      ends.close();
    }
    await("end of all threads", ends::noThreadIsLeft);
  }

  @Test
  public void anInterruptHarmsNothing() throws Exception {
    openBoth();
    Thread.currentThread().interrupt();
    StreamResult offered = ends.offer(message(11, 1));
    assertTrue("still interrupted after a write", Thread.interrupted());
    assertEquals("written with an interrupt", StreamResult.OK, offered);
    if (canDo(Lack.DELIVERY)) {
      awaitArrival();
    }
    Thread.currentThread().interrupt();
    ends.output.close(FLUSH_MS);
    assertTrue("still interrupted after closing the output", Thread.interrupted());
    Thread.currentThread().interrupt();
    ends.input.close();
    assertTrue("still interrupted after closing the input", Thread.interrupted());
    await("end of all threads", ends::noThreadIsLeft);
  }
}
