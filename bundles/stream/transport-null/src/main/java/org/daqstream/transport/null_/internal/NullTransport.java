/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.null_.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
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
import org.osgi.service.component.annotations.Component;

/**
 * Stream type {@code null}: a placeholder that can be configured but not opened, as in EVP. With
 * the parameter {@code mode=sink} it opens: an output counts and forgets what is written, an input
 * stays silent.
 */
@Component(property = StreamTransport.STREAM_TYPE + "=null")
public final class NullTransport implements StreamTransport {
  private static final String MODE = "mode";
  private static final String SINK = "sink";

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    Object mode = parameters.getOrDefault(MODE, SINK);
    return SINK.equals(mode)
        ? List.of()
        : List.of(new ParameterProblem(MODE, mode, "must be " + SINK, true));
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    refuseUnlessSink(definition);
    return new SilentInput();
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    refuseUnlessSink(definition);
    return new CountingOutput();
  }

  private static void refuseUnlessSink(StreamDefinition definition) throws StreamException {
    if (!SINK.equals(definition.parameters().get(MODE))) {
      throw new StreamException(
          StreamResult.NOTSUP, "type null is a placeholder; with mode=sink it can be opened");
    }
  }

  private static final class SilentInput implements TransportInput {
    @Override
    public void resume() {}

    @Override
    public StreamStatistics statistics() {
      return StreamStatistics.NONE;
    }

    @Override
    public void close() {}
  }

  private static final class CountingOutput implements TransportOutput {
    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public StreamResult offer(ByteBuffer message) {
      if (closed.get()) {
        return StreamResult.ERROR;
      }
      messages.increment();
      bytes.add(message.remaining());
      return StreamResult.OK;
    }

    @Override
    public StreamStatistics statistics() {
      return new StreamStatistics(messages.sum(), bytes.sum(), 0, 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    @Override
    public CloseResult close(long flushTimeoutMs) {
      closed.set(true);
      return new CloseResult(StreamResult.OK, 0, 0);
    }
  }
}
