/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceBrowser;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code signal:discover}. */
@Component(
    service = DiscoverCommand.class,
    property = {"osgi.command.scope=signal", "osgi.command.function=discover"})
public final class DiscoverCommand {
  private static final double TIMEOUT_S = 2;
  private static final double LEAST_S = 0.1;
  private static final double MOST_S = 60;
  private static final String USAGE =
      """
      signal:discover [--json] [--timeout SECONDS]
        Lists the streaming devices on the local networks.
        --json             as JSON
        --timeout SECONDS  how long to wait for answers, 0.1 to 60; 2 by default""";

  private final DeviceBrowser browser;

  /** Made by DS. */
  @Activate
  public DiscoverCommand(@Reference DeviceBrowser browser) {
    this.browser = browser;
  }

  /**
   * Runs the command.
   *
   * @return what the shell prints
   * @throws IllegalArgumentException for an option that does not exist
   */
  public String discover(String... arguments) throws InterruptedException, IOException {
    boolean json = false;
    double timeoutS = TIMEOUT_S;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--json" -> json = true;
        case "--timeout" -> timeoutS = seconds(++i < arguments.length ? arguments[i] : "");
        case "--help" -> {
          return USAGE;
        }
        default ->
            throw new IllegalArgumentException("unknown option " + arguments[i] + "\n" + USAGE);
      }
    }
    List<Device> devices = browser.browse(Duration.ofMillis((long) (timeoutS * 1_000)));
    return json ? DeviceList.json(devices) : DeviceList.table(devices);
  }

  private static double seconds(String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= LEAST_S && seconds <= MOST_S) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new IllegalArgumentException(
        "--timeout '" + text + "' must be a number of seconds from 0.1 to 60");
  }
}
