/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;

/**
 * What the Java runtime knows of its host, for systems without {@code /proc}: CPU load, memory and
 * the load average over one minute. It is asked every 100 ms at most and the value is held.
 */
final class ManagementBeans {
  private static final long PERIOD_NANOS = SlidingRate.WINDOW_NANOS;

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName system;

  ManagementBeans() throws IOException {
    try {
      system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
    } catch (JMException e) {
      throw new IOException(e);
    }
  }

  Measurement cpuLoad(SignalTable table) throws IOException {
    read("CpuLoad");
    SignalPort port = table.open(CpuLoad.descriptor(""));
    return new HeldValue("CpuLoad", port, 100);
  }

  Measurement loadAverage(SignalTable table) throws IOException {
    if (read("SystemLoadAverage") < 0) {
      throw new IOException("the system keeps no load average");
    }
    return new HeldValue("SystemLoadAverage", table.open(LoadAverage.descriptor(1)), 1);
  }

  Measurement memory(SignalTable table) throws IOException {
    double totalBytes = read("TotalMemorySize");
    MemoryPorts ports = new MemoryPorts(table, totalBytes);
    return new Measurement() {
      @Override
      public void sample(long tick, long nowNanos) throws IOException {
        ports.write(tick, totalBytes, read("FreeMemorySize"));
      }

      @Override
      public void close() {
        ports.close();
      }
    };
  }

  private double read(String attribute) throws IOException {
    try {
      return ((Number) server.getAttribute(system, attribute)).doubleValue();
    } catch (JMException e) {
      throw new IOException("the Java runtime does not know " + attribute, e);
    }
  }

  private final class HeldValue implements Measurement {
    private final String attribute;
    private final SignalPort port;
    private final double scale;
    private double value = -1;
    private long lastReadNanos;

    HeldValue(String attribute, SignalPort port, double scale) {
      this.attribute = attribute;
      this.port = port;
      this.scale = scale;
    }

    @Override
    public void sample(long tick, long nowNanos) throws IOException {
      if (value < 0 || nowNanos - lastReadNanos >= PERIOD_NANOS) {
        value = scale * read(attribute);
        lastReadNanos = nowNanos;
      }
      if (value >= 0) { // negative: not known yet
        port.write(tick, value);
      }
    }

    @Override
    public void close() {
      port.close();
    }
  }
}
