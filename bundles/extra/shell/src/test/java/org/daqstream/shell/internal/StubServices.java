/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.player.api.Player;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.security.api.TokenStore;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.shell.api.ShellCommand;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Services that a test sets, with a clock that goes on only in pauses. */
public final class StubServices extends Services {
  public final List<SignalState> states = new ArrayList<>();
  public final List<ServerMonitor> monitors = new ArrayList<>();
  public final List<Provider> writers = new ArrayList<>();
  public final List<Provider> transports = new ArrayList<>();
  public final List<String> deployFolders = new ArrayList<>();
  public boolean registryThere = true;
  public StreamRegister register;
  public DeviceBrowser deviceBrowser;
  public TokenStore tokenStore;
  public final List<Recorder> recorders = new ArrayList<>();
  public final List<Player> players = new ArrayList<>();
  public final List<SignalRelay> relays = new ArrayList<>();
  public final List<ModuleStatus> modules = new ArrayList<>();
  public final List<ModuleHost> moduleHosts = new ArrayList<>();

  /** Plays a publisher, on the thread of the command. */
  public Consumer<SignalSink> publisher = sink -> {};

  /** What happens during a pause. */
  public Runnable meanwhile = () -> {};

  public int sinks;
  public boolean active = true;
  private long nanoTime;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  public StubServices() {
    super(null);
  }

  /** Runs a command and gives what it printed. */
  public String run(ShellCommand command, String... arguments) throws Exception {
    outBytes.reset();
    errBytes.reset();
    try (PrintStream out = new PrintStream(outBytes, true, UTF_8);
        PrintStream err = new PrintStream(errBytes, true, UTF_8)) {
      command.run(List.of(arguments), out, err);
    }
    return out();
  }

  /** What the last command printed. */
  public String out() {
    return outBytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  /** What the last command printed beside its answer. */
  public String err() {
    return errBytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public Optional<SignalRegistry> signalRegistry() {
    return registryThere ? Optional.of(new StubRegistry()) : Optional.empty();
  }

  @Override
  public List<ServerMonitor> serverMonitors() {
    return monitors;
  }

  @Override
  public Optional<StreamRegister> streamRegister() {
    return Optional.ofNullable(register);
  }

  @Override
  public Optional<DeviceBrowser> deviceBrowser() {
    return Optional.ofNullable(deviceBrowser);
  }

  @Override
  public List<ModuleHost> moduleHosts() {
    return moduleHosts;
  }

  @Override
  public List<ModuleStatus> modules() {
    return modules;
  }

  @Override
  public List<SignalRelay> relays() {
    return relays;
  }

  @Override
  public List<Recorder> recorders() {
    return recorders;
  }

  @Override
  public List<Player> players() {
    return players;
  }

  @Override
  public Optional<TokenStore> tokenStore() {
    return Optional.ofNullable(tokenStore);
  }

  @Override
  public List<Provider> writers() {
    return writers;
  }

  @Override
  public List<Provider> transports() {
    return transports;
  }

  @Override
  public List<Bundle> bundles() {
    return List.of();
  }

  @Override
  public Optional<ServiceComponentRuntime> componentRuntime() {
    return Optional.empty();
  }

  @Override
  public List<String> deployFolders() {
    return deployFolders;
  }

  @Override
  public Runnable addSink(SignalSink sink) {
    sinks++;
    publisher.accept(sink);
    return () -> sinks--;
  }

  @Override
  public void pause(long ms) {
    nanoTime += TimeUnit.MILLISECONDS.toNanos(ms);
    meanwhile.run();
  }

  /** Goes on in pauses only. */
  @Override
  public long nanoTime() {
    return nanoTime;
  }

  private final class StubRegistry implements SignalRegistry {
    @Override
    public SignalTable openTable(SignalDescriptor domain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<SignalState> signals() {
      return List.copyOf(states);
    }
  }
}
