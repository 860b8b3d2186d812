/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.udp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
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
import org.daqstream.transport.support.ParameterReader;
import org.osgi.service.component.annotations.Component;

/**
 * Stream type {@code udp}: each message is a datagram. An input hears everybody who sends to it; an
 * output sends to one address and does not know whether anybody listens.
 */
@Component(property = StreamTransport.STREAM_TYPE + "=udp")
public final class UdpTransport implements StreamTransport {
  private static final int LONGEST_MESSAGE = 65_507;

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    reader.text("hostname");
    reader.port("port", direction == StreamDirection.IN ? 0 : 1);
    return reader.problems();
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    try {
      String name = "stream-udp-in-" + instance + "/" + definition.name();
      Input input = new Input(name, new DatagramSocket(address(definition)), sink);
      input.thread.start();
      return input;
    } catch (IOException e) {
      throw new StreamException(StreamResult.ERROR, "cannot listen: " + e.getMessage(), e);
    }
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    try {
      InetSocketAddress target = address(definition);
      DatagramChannel channel = DatagramChannel.open();
      channel.configureBlocking(false);
      return new Output(channel, target);
    } catch (IOException e) {
      throw new StreamException(StreamResult.ERROR, "cannot send: " + e.getMessage(), e);
    }
  }

  /** Its parameters have passed {@link #validate}. */
  private static InetSocketAddress address(StreamDefinition definition)
      throws UnknownHostException {
    ParameterReader reader = new ParameterReader(definition.parameters());
    InetSocketAddress address =
        new InetSocketAddress(reader.text("hostname"), reader.port("port", 0));
    if (address.isUnresolved()) {
      throw new UnknownHostException(address.getHostString());
    }
    return address;
  }

  /** Receives on a thread of its own. */
  private static final class Input implements TransportInput {
    private final DatagramSocket socket;
    private final InputSink sink;
    private final int port;
    private final Thread thread;
    private final Semaphore resumes = new Semaphore(0);
    private volatile long messages; // both: one thread writes
    private volatile long bytes;

    Input(String name, DatagramSocket socket, InputSink sink) {
      this.socket = socket;
      this.sink = sink;
      this.port = socket.getLocalPort();
      this.thread = new Thread(this::run, name);
    }

    void run() {
      long everybody = sink.peerUp("everybody");
      DatagramPacket packet = new DatagramPacket(new byte[LONGEST_MESSAGE], LONGEST_MESSAGE);
      try {
        while (true) {
          packet.setLength(LONGEST_MESSAGE);
          socket.receive(packet);
          byte[] message = Arrays.copyOf(packet.getData(), packet.getLength());
          messages += 1;
          bytes += message.length;
          resumes.drainPermits(); // may come before data() has returned
          if (!sink.data(everybody, ByteBuffer.wrap(message), null) && !socket.isClosed()) {
            resumes.acquire(); // the module is behind: no more until it has caught up
          }
        }
      } catch (IOException | InterruptedException e) {
        if (!socket.isClosed()) {
          sink.failed(e.toString());
        }
      }
    }

    @Override
    public int boundPort() {
      return port;
    }

    @Override
    public void resume() {
      resumes.release();
    }

    @Override
    public StreamStatistics statistics() {
      return new StreamStatistics(messages, bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    @Override
    public void close() {
      socket.close(); // ends receive(); the sink takes nothing any more
      resumes.release();
      try {
        if (Thread.currentThread() != thread) {
          thread.join(1_000); // the port is not free before
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Sends on the writer's thread, which a datagram does not hold up. */
  private static final class Output implements TransportOutput {
    private final DatagramChannel channel; // not connected: it would not send empty messages
    private final InetSocketAddress target;
    private long messages;
    private long bytes;
    private long rejected;
    private String lastError = "";

    Output(DatagramChannel channel, InetSocketAddress target) {
      this.channel = channel;
      this.target = target;
    }

    @Override
    public synchronized StreamResult offer(ByteBuffer message) {
      int length = message.remaining();
      if (length > LONGEST_MESSAGE) {
        rejected++;
        return StreamResult.TOOBIG;
      }
      try {
        if (channel.send(message.duplicate(), target) == length) {
          messages++;
          bytes += length;
          return StreamResult.OK;
        }
        lastError = "the system's buffer is full";
      } catch (IOException e) { // closed, or no way there
        lastError = e.toString();
      }
      rejected++;
      return StreamResult.ERROR;
    }

    @Override
    public synchronized StreamStatistics statistics() {
      return new StreamStatistics(messages, bytes, 0, 0, rejected, 0, 0, 0, 0, 0, 0, lastError);
    }

    @Override
    public synchronized CloseResult close(long flushTimeoutMs) {
      try {
        channel.close();
      } catch (IOException e) {
        lastError = e.toString();
      }
      return new CloseResult(StreamResult.OK, 0, 0);
    }
  }
}
