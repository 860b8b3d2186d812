/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.daqstream.base.support.ForeignText;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;

/**
 * Temperatures of the thermal zones and hardware monitors that exist at start. Sensors may take
 * milliseconds to answer and change slowly, so they are asked once a second and the value is held;
 * a sensor that does not answer gives NaN.
 */
final class Temperatures implements Measurement {
  private static final long PERIOD_NANOS = 1_000_000_000L;
  private static final double DEGREES_PER_UNIT = 1e-3;

  private final SignalTable table;
  private final List<Sensor> sensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private long lastReadNanos;
  private boolean read;

  Temperatures(Path root, SignalTable table) throws IOException {
    this.table = table;
    for (Path zone : list(root.resolve("sys/class/thermal"), "thermal_zone*")) {
      add(zone.resolve("temp"), text(zone.resolve("type"), zone));
    }
    for (Path monitor : list(root.resolve("sys/class/hwmon"), "hwmon*")) {
      String chip = text(monitor.resolve("name"), monitor);
      for (Path input : list(monitor, "temp*_input")) {
        String channel = input.getFileName().toString().replace("_input", "");
        Path label = monitor.resolve(channel + "_label");
        add(input, chip + "/" + text(label, Path.of(channel)));
      }
    }
    if (sensors.isEmpty()) {
      throw new IOException("there is no temperature sensor");
    }
  }

  private static List<Path> list(Path folder, String glob) throws IOException {
    List<Path> paths = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
        stream.forEach(paths::add);
      }
    }
    paths.sort(null);
    return paths;
  }

  private static String text(Path file, Path fallback) {
    try {
      return ForeignText.plain(Files.readString(file).strip()).replaceAll("[\\s\uFFFD]+", "_");
    } catch (IOException e) {
      return fallback.getFileName().toString();
    }
  }

  private void add(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return;
    }
    String unique = name;
    for (int i = 2; !names.add(unique); i++) {
      unique = name + "-" + i;
    }
    sensors.add(
        new Sensor(
            new KernelFile(file),
            table.open(
                SignalDescriptor.value("host/temperature/" + unique, DataTypes.REAL64)
                    .name("Temperature " + unique)
                    .description("Temperature of sensor " + unique)
                    .unit(Unit.DEGREE_CELSIUS)
                    .range(-55, 150)
                    .build())));
  }

  @Override
  public void sample(long tick, long nowNanos) {
    boolean due = !read || nowNanos - lastReadNanos >= PERIOD_NANOS;
    if (due) {
      read = true;
      lastReadNanos = nowNanos;
    }
    for (int i = 0; i < sensors.size(); i++) {
      Sensor sensor = sensors.get(i);
      if (due) {
        sensor.read();
      }
      sensor.port.write(tick, sensor.celsius);
    }
  }

  @Override
  public void close() {
    for (Sensor sensor : sensors) {
      sensor.port.close();
    }
  }

  private static final class Sensor {
    final KernelFile file;
    final SignalPort port;
    double celsius = Double.NaN;

    Sensor(KernelFile file, SignalPort port) {
      this.file = file;
      this.port = port;
    }

    void read() {
      try {
        file.read();
        file.nextLine();
        celsius = file.nextLong() * DEGREES_PER_UNIT;
      } catch (IOException e) {
        celsius = Double.NaN;
      }
    }
  }
}
