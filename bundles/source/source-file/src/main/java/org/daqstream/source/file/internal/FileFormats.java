/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.recording.api.RecordingFormat;

/**
 * The kinds of files that can be played, known by the end of their names: WAV, CSV, and those of
 * the services that are there. Recordings of ours as WAV and CSV are those of their services, if
 * there are any. Any thread.
 */
final class FileFormats {
  private static final Map<String, FileFormat> OWN =
      Map.of("wav", FileFormat.WAV, "csv", FileFormat.CSV);

  private final Map<String, FileFormat.Recorded> services = new ConcurrentHashMap<>();
  private final RecordingMark mark = new RecordingMark();

  /** Adds a service, for endings that nobody else has. */
  void add(RecordingFormat service, Collection<String> endings) {
    endings.forEach(each -> services.putIfAbsent(ending(each), new FileFormat.Recorded(service)));
  }

  void remove(RecordingFormat service) {
    services.values().removeIf(each -> each.service() == service);
  }

  /** The format of a file; empty for one that is left alone. */
  Optional<FileFormat> of(Path file) {
    String ending = endingOf(file);
    FileFormat own = OWN.get(ending);
    FileFormat service = services.get(ending);
    boolean isRecorded = own == null || (service != null && mark.isOn(file, ending));
    return Optional.ofNullable(isRecorded ? service : own);
  }

  /** The same without those of services. */
  Optional<FileFormat> ownOf(Path file) {
    return of(file).filter(each -> !(each instanceof FileFormat.Recorded));
  }

  /** Only those of services. */
  Optional<FileFormat> recordedOf(Path file) {
    return of(file).filter(FileFormat.Recorded.class::isInstance);
  }

  /** Empty for names without one, and for hidden and working files. */
  static String endingOf(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") ? "" : ending(name.substring(name.lastIndexOf('.') + 1));
  }

  private static String ending(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
