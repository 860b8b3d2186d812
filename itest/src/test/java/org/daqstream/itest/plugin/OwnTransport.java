/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.plugin;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;

/** A stream type that only exists in tests: an input gets one message, an output forgets all. */
public final class OwnTransport implements StreamTransport {
  public static final String TYPE = "own";

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    return List.of();
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink) {
    sink.data(sink.peerUp("itself"), ByteBuffer.wrap(new byte[] {'h', 'i'}), null);
    return new Input();
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink) {
    sink.peerUp("nobody");
    return new Output();
  }

  private static final class Input implements TransportInput {
    @Override
    public void resume() {}

    @Override
    public StreamStatistics statistics() {
      return StreamStatistics.NONE;
    }

    @Override
    public void close() {}
  }

  private static final class Output implements TransportOutput {
    @Override
    public StreamResult offer(ByteBuffer message) {
      return StreamResult.OK;
    }

    @Override
    public StreamStatistics statistics() {
      return StreamStatistics.NONE;
    }

    @Override
    public CloseResult close(long flushTimeoutMs) {
      return new CloseResult(StreamResult.OK, 0, 0);
    }
  }
}
