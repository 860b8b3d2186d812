/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.List;
import java.util.Optional;
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** What the commands work on, as far as it is there now. */
public interface Services {

  /**
   * A service of a bundle that serves types.
   *
   * @param types data types or stream types
   * @param ranking the service's
   * @param serviceId the service's
   * @param bundle symbolic name and version
   */
  record Provider(List<String> types, int ranking, long serviceId, String bundle) {}

  /** The registry of signals. */
  Optional<SignalRegistry> signalRegistry();

  /** The running servers, by name. */
  List<ServerMonitor> serverMonitors();

  /** The register of streams. */
  Optional<StreamRegister> streamRegister();

  /** Who looks for devices on the networks. */
  Optional<DeviceBrowser> deviceBrowser();

  /** The writers of data types, those asked first in front. */
  List<Provider> writers();

  /** The transports of stream types, those used first in front. */
  List<Provider> transports();

  /** All bundles of the framework, the framework itself first. */
  List<Bundle> bundles();

  /** Who knows what components wait for. */
  Optional<ServiceComponentRuntime> componentRuntime();

  /** Folders whose jars are installed. */
  List<String> deployFolders();

  /**
   * Lets a sink take part.
   *
   * @return ends it
   */
  Runnable addSink(SignalSink sink);

  /** Whether commands that run on and on may do so; they look now and then. */
  boolean isActive();

  /** Waits; an interruption ends it. */
  void pause(long ms) throws InterruptedException;

  /** The clock that {@link #pause} goes by, in nanoseconds. */
  long nanoTime();

  /** The registry of signals, or an error that says what is missing. */
  default SignalRegistry signals() {
    return signalRegistry().orElseThrow(() -> inactive("signals", "signal.registry"));
  }

  /** At least one server, or an error that says what is missing. */
  default List<ServerMonitor> servers() {
    final List<ServerMonitor> monitors = serverMonitors();
    if (monitors.isEmpty()) {
      throw new CommandException(
          "no server is listening: the bundle org.daqstream.server is not active or its ports could"
              + " not be opened, see the log");
    }
    return monitors;
  }

  /** Who looks for devices, or an error that says what is missing. */
  default DeviceBrowser devices() {
    return deviceBrowser().orElseThrow(() -> inactive("discovery", "discovery"));
  }

  /** The register of streams, or an error that says what is missing. */
  default StreamRegister streams() {
    return streamRegister().orElseThrow(() -> inactive("streams", "stream.register"));
  }

  private static CommandException inactive(String what, String bundle) {
    return new CommandException(
        "no %s: the bundle org.daqstream.%s is not active".formatted(what, bundle));
  }
}
