/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.OutgoingQueue;
import org.daqstream.transport.support.ParameterReader;

/** A transport without a network: tests push into its inputs and look at its outputs. */
final class FakeTransport implements StreamTransport {

  final List<Input> inputs = new CopyOnWriteArrayList<>();
  final List<Output> outputs = new CopyOnWriteArrayList<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  /** The directions of what was closed, in order. */
  final List<StreamDirection> closings = new CopyOnWriteArrayList<>();

  volatile RuntimeException thrown;
  volatile StreamException refused;
  volatile Runnable duringOpen = () -> {};
  volatile Runnable duringClose = () -> {};

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    if (parameters.containsKey("port")) {
      reader.port("port", 0);
    }
    if (parameters.containsKey("throw")) {
      throw new IllegalStateException("validate");
    }
    return reader.problems();
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    before();
    Input input = new Input(sink);
    inputs.add(input);
    opened.incrementAndGet();
    duringOpen.run();
    return input;
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    before();
    Output output = new Output(sink);
    outputs.add(output);
    opened.incrementAndGet();
    duringOpen.run();
    return output;
  }

  private void before() throws StreamException {
    if (thrown != null) {
      throw thrown;
    }
    if (refused != null) {
      throw refused;
    }
  }

  Input lastInput() {
    return inputs.get(inputs.size() - 1);
  }

  Output lastOutput() {
    return outputs.get(outputs.size() - 1);
  }

  /** An input whose peer is the test. */
  final class Input implements TransportInput {
    final InputSink sink;
    final AtomicInteger resumes = new AtomicInteger();
    final AtomicLong released = new AtomicLong();
    volatile boolean isClosed;

    Input(InputSink sink) {
      this.sink = sink;
    }

    boolean receive(String text) {
      return receive(1, text.getBytes(StandardCharsets.US_ASCII));
    }

    boolean receive(long peerId, byte[] bytes) {
      return sink.data(peerId, ByteBuffer.wrap(bytes), released::incrementAndGet);
    }

    @Override
    public int boundPort() {
      return 4711;
    }

    @Override
    public void resume() {
      resumes.incrementAndGet();
    }

    @Override
    public StreamStatistics statistics() {
      return StreamStatistics.NONE;
    }

    @Override
    public void close() {
      isClosed = true;
      closings.add(StreamDirection.IN);
      closed.incrementAndGet();
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  /** An output whose peer is absent until the test drains it. */
  final class Output implements TransportOutput {
    final OutputSink sink;
    private static final OutgoingQueue.Limits LIMITS =
        new OutgoingQueue.Limits(1001, 1 << 20, 1 << 20);

    final OutgoingQueue queue;
    volatile long closeTimeoutMs = -1;

    Output(OutputSink sink) {
      this.sink = sink;
      this.queue = new OutgoingQueue(LIMITS, Framing.NONE, () -> {}, sink.budget());
    }

    String drain() {
      ByteBuffer[] views = new ByteBuffer[OutgoingQueue.GATHER_PAGES];
      StringBuilder text = new StringBuilder();
      for (int count = queue.gather(views); count > 0; count = queue.gather(views)) {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
          bytes += views[i].remaining();
          text.append(StandardCharsets.US_ASCII.decode(views[i]));
        }
        queue.sent(bytes);
      }
      return text.toString();
    }

    @Override
    public StreamResult offer(ByteBuffer message) {
      if (thrown != null) {
        throw thrown;
      }
      return queue.offer(message);
    }

    @Override
    public StreamStatistics statistics() {
      return StreamStatistics.NONE;
    }

    @Override
    public CloseResult close(long flushTimeoutMs) {
      closings.add(StreamDirection.OUT);
      closed.incrementAndGet();
      closeTimeoutMs = flushTimeoutMs;
      duringClose.run();
      if (thrown != null) {
        throw thrown;
      }
      queue.giveUp();
      StreamStatistics after = queue.statistics(0, 0, "");
      return new CloseResult(
          after.lostMessages() > 0 ? StreamResult.TIMEDOUT : StreamResult.OK,
          after.lostMessages(),
          after.lostBytes());
    }
  }
}
