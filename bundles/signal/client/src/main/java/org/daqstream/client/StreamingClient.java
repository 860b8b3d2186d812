/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.daqstream.base.support.Worker;
import org.daqstream.client.internal.ClientEngine;
import org.daqstream.client.internal.ClientSettings;
import org.daqstream.client.internal.DeliveryQueue;
import org.daqstream.client.internal.Demand;
import org.daqstream.client.internal.Feed;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;

/**
 * A client of one openDAQ streaming device. It stays connected: after an interruption it connects
 * and subscribes again, and tells what is missing.
 *
 * <pre>{@code
 * try (StreamingClient client = StreamingClient.connect("daq.lt://127.0.0.1")) {
 *   client.subscribe("host/cpu/load", block -> System.out.println(block.instant(0) + " " + block.values()[0]));
 *   System.in.read(); // values come until Enter is pressed
 * }
 * }</pre>
 *
 * <p>Safe for any thread. Nothing blocks, except where it says so. Nothing that a device sends can
 * do more than end its connection.
 */
public final class StreamingClient implements AutoCloseable {
  private static final long CONNECT_MS = 10_000;
  private static final int DELIVERERS_LIMIT = 16;
  private static final long IDLE_SECONDS = 5;

  private final ClientEngine engine;
  private final ThreadPoolExecutor deliverers;

  private StreamingClient(ClientSettings settings, ConnectionListener listener) {
    this(new ClientEngine(settings, listener));
    engine.start();
  }

  /** On a connection that is there. */
  StreamingClient(ClientEngine engine) {
    this.engine = engine;
    deliverers =
        new ThreadPoolExecutor(
            DELIVERERS_LIMIT,
            DELIVERERS_LIMIT,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> Worker.daemon("daqstream-client-deliver", work));
    deliverers.allowCoreThreadTimeOut(true);
    // Who subscribes when it is over is told so all the same, by himself.
    deliverers.setRejectedExecutionHandler((work, pool) -> work.run());
  }

  /**
   * {@return a client that is connected; waits at most 10 s}
   *
   * @param address see {@link DeviceAddress#parse}
   * @throws IOException when the device did not greet, with the reason
   * @throws InterruptedException when this thread was interrupted
   */
  public static StreamingClient connect(String address) throws IOException, InterruptedException {
    StreamingClient client = at(address).open();
    try {
      client.awaitConnected(CONNECT_MS);
      return client;
    } catch (IOException | InterruptedException e) {
      client.close();
      throw e;
    }
  }

  /**
   * {@return what makes a client}
   *
   * @param address see {@link DeviceAddress#parse}
   */
  public static Builder at(String address) {
    return new Builder(DeviceAddress.parse(address));
  }

  /**
   * Waits for the greeting of the device.
   *
   * @param timeoutMs how long at most
   * @throws IOException when it does not come, with the last failure
   * @throws InterruptedException when this thread was interrupted
   */
  public void awaitConnected(long timeoutMs) throws IOException, InterruptedException {
    if (!engine.awaitGreeting(timeoutMs)) {
      throw new IOException(engine.failure());
    }
  }

  /**
   * {@return the ids of the signals that the device offers now, in its order; waits for its list,
   * but no longer than told: some devices send none when it is empty}
   *
   * @param timeoutMs how long at most
   * @throws InterruptedException when this thread was interrupted
   */
  public List<String> signalIds(long timeoutMs) throws InterruptedException {
    engine.awaitSignals(timeoutMs);
    return engine.signalIds();
  }

  /** {@return the ids of the signals that the device offers, as known now} */
  public List<String> signalIds() {
    return engine.signalIds();
  }

  /**
   * Asks the device to describe signals: subscribes to them for a moment.
   *
   * @param signalIds ids, also of signals that are in no list
   * @return the descriptions of those that were given, when all have been given or refused, or the
   *     time is over
   * @param timeoutMs how long at most
   */
  public CompletableFuture<Map<String, RemoteSignal>> describe(
      Collection<String> signalIds, long timeoutMs) {
    return new Descriptions(this, signalIds).within(timeoutMs, deliverers);
  }

  /**
   * Subscribes to a signal with the {@linkplain SubscriptionOptions#DEFAULT defaults}.
   *
   * @param signalId id on the device, also of one that is in no list
   * @param listener takes the samples
   * @return to be closed
   */
  public RemoteSubscription subscribe(String signalId, SampleListener listener) {
    return subscribe(signalId, SubscriptionOptions.DEFAULT, listener);
  }

  /**
   * Subscribes to a signal. The device is asked once, however many subscriptions there are.
   *
   * @param signalId id on the device, also of one that is in no list
   * @param options what is wanted of it, and how it is delivered
   * @param listener takes the samples
   * @return to be closed
   */
  public RemoteSubscription subscribe(
      String signalId, SubscriptionOptions options, SampleListener listener) {
    return subscribe(signalId, options, DeliveryQueue.RUN_BLOCKS, listener);
  }

  /** As above, and so much is delivered at once. */
  RemoteSubscription subscribe(
      String signalId, SubscriptionOptions options, int runItems, SampleListener listener) {
    DeliveryQueue queue = null;
    if (!options.isDirect()) {
      Executor executor = options.executor() == null ? deliverers : options.executor();
      queue =
          new DeliveryQueue(
              listener,
              executor,
              options.queueLimitBytes(),
              options.slowConsumer(),
              runItems,
              engine::fault);
    }
    Feed feed = new Feed(listener, queue, engine::fault, !options.isEachPacket());
    Demand demand = engine.subscribe(signalId, options.contract(), feed);
    return new RemoteSubscription(engine, signalId, demand, feed);
  }

  /**
   * {@return the blocks of a signal for subscribers with a demand of their own; each subscribes by
   * itself, and its queue is bounded by the options while it demands less than comes}
   *
   * @param signalId id on the device
   * @param options as for {@link #subscribe}; not direct
   */
  public Flow.Publisher<SampleBlock> publisher(String signalId, SubscriptionOptions options) {
    return new BlockPublisher(this, signalId, options);
  }

  /**
   * {@return a reader for scripts, which waits for the blocks of some signals}
   *
   * @param options as for {@link #subscribe}; the executor is not used
   * @param signalIds ids on the device
   */
  public BlockReader reader(SubscriptionOptions options, Collection<String> signalIds) {
    return new BlockReader(this, options, signalIds);
  }

  /**
   * Offers signals of this side to the device, if it takes any: a server of version 2.0.0 or later,
   * or one of this project that is configured to. Data types as {@link
   * org.daqstream.signal.api.DataTypes} tells; structs in {@link
   * org.daqstream.signal.api.StructBuffer}s, binary samples as {@code byte[]}, texts as {@code
   * String}.
   *
   * @param domain descriptor of the domain signal, linear or explicit
   * @param values descriptors of the signals on it
   * @return where they are written to, to be closed
   * @throws IllegalArgumentException when an id is published already, or a signal is none that can
   *     be
   */
  public SignalPublication publish(SignalDescriptor domain, SignalDescriptor... values) {
    return SignalPublication.open(engine.ownSignals(), domain, List.of(values));
  }

  /**
   * {@return where a registry puts signals that the device is to be offered: all that it is told
   * of, if they are public}
   */
  public SignalSink sink() {
    return engine.ownSignals();
  }

  /** {@return counters since the client was made} */
  public ClientStatistics statistics() {
    return engine.statistics();
  }

  /** {@return what the device said of itself when it greeted last; {@code null} before that} */
  public DeviceGreeting greeting() {
    return engine.greeting();
  }

  /** {@return why there is no connection now; empty when there is one} */
  public String failure() {
    return engine.failure();
  }

  /** Says goodbye to the device and ends all subscriptions; waits up to two seconds for it. */
  @Override
  public void close() {
    engine.close();
    deliverers.shutdown();
  }

  /** Makes a client. Not thread-safe. */
  public static final class Builder {
    private final DeviceAddress address;
    private String userAgent = "daqstream/client";
    private SSLContext tls;
    private int connectTimeoutMs = 10_000;
    private int commandTimeoutMs = 10_000;
    private int pingIntervalMs = 10_000;
    private int reconnectMinMs = 200;
    private int reconnectMaxMs = 10_000;
    private int publishedLimitBytes = 8 << 20;
    private ConnectionListener listener = new ConnectionListener() {};
    private WireListener wire;
    private TokenSource token = TokenSource.NONE;

    private Builder(DeviceAddress address) {
      this.address = address;
    }

    /** Who hears of the connection. */
    public Builder listener(ConnectionListener newListener) {
      listener = newListener;
      return this;
    }

    /**
     * What the client calls itself behind {@code daqstream/}: servers choose their dialect by it.
     */
    public Builder name(String name) {
      userAgent = "daqstream/" + name;
      return this;
    }

    /** Trust and keys for encrypted addresses; without it those of the Java runtime. */
    public Builder tls(SSLContext context) {
      tls = context;
      return this;
    }

    /**
     * Trust and keys for encrypted addresses, from files, which are read now.
     *
     * @throws IOException in one sentence what is wrong with which file
     */
    public Builder tls(TlsOptions options) throws IOException {
      return tls(options.context());
    }

    /** Who this client is, for a device that wants a login. */
    public Builder token(TokenSource source) {
      token = source;
      return this;
    }

    /** How long connecting and greeting may take, and a command, in milliseconds. */
    public Builder timeouts(int newConnectTimeoutMs, int newCommandTimeoutMs) {
      connectTimeoutMs = positive(newConnectTimeoutMs, "connectTimeoutMs");
      commandTimeoutMs = positive(newCommandTimeoutMs, "commandTimeoutMs");
      return this;
    }

    /** After how much silence the device is pinged, in milliseconds; 10 s if not told. */
    public Builder pingIntervalMs(int newPingIntervalMs) {
      pingIntervalMs = positive(newPingIntervalMs, "pingIntervalMs");
      return this;
    }

    /** The pauses before connecting again, in milliseconds: 200 to 10 000 if not told. */
    public Builder reconnect(int minMs, int maxMs) {
      reconnectMinMs = positive(minMs, "reconnectMinMs");
      reconnectMaxMs = Math.max(minMs, maxMs);
      return this;
    }

    /** Connects once only. */
    public Builder noReconnect() {
      reconnectMinMs = 0;
      return this;
    }

    /** Bytes of published samples that wait for the device to read, at most; 8 MiB if not told. */
    public Builder publishedLimitBytes(int newPublishedLimitBytes) {
      publishedLimitBytes = positive(newPublishedLimitBytes, "publishedLimitBytes");
      return this;
    }

    /** Who sees the bytes of the connection, but for its token. */
    public Builder wire(WireListener newWire) {
      wire = newWire;
      return this;
    }

    private static int positive(int value, String name) {
      if (value <= 0) {
        throw new IllegalArgumentException(name + " must be > 0: " + value);
      }
      return value;
    }

    /** {@return a client that begins to connect; does not wait} */
    public StreamingClient open() {
      return new StreamingClient(
          new ClientSettings(
              address,
              userAgent,
              tls == null ? defaultTls() : tls,
              connectTimeoutMs,
              commandTimeoutMs,
              pingIntervalMs,
              reconnectMinMs,
              reconnectMaxMs,
              RECEIVE_BUFFER_BYTES,
              SIGNALS_LIMIT,
              publishedLimitBytes,
              wire,
              token),
          listener);
    }

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int SIGNALS_LIMIT = 500_000;

    private SSLContext defaultTls() {
      if (!address.isTls()) {
        return null; // making one takes time
      }
      try {
        return TlsOptions.NONE.context();
      } catch (IOException e) {
        throw new IllegalStateException("this Java runtime trusts nobody", e);
      }
    }
  }
}
