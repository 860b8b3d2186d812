/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.sample.support.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code repair}. */
@Command(
    name = "repair",
    description = {
      "Makes files of what interrupted recordings left behind.",
      "Files that are whole stay as they are."
    })
final class RepairCommand extends CliCommand {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "The name that the file should have had, or that of a working file.")
  private List<Path> files;

  @Mixin private ProgressOption progress = new ProgressOption();

  @Override
  int run() {
    for (Path each : files) {
      if (!Recordings.isNameOfOne(each.toString())) {
        throw misused(each + " is no name of a recording; allowed are " + Recordings.endings());
      }
    }
    for (Path each : files) {
      repair(each);
    }
    streams().check();
    return Daqstream.OK;
  }

  private void repair(Path file) {
    ProgressLine line = progress.begin(streams());
    WorkingFiles working = WorkingFiles.of(file);
    long bytes = working.part().toFile().length() + working.wal().toFile().length();
    AtomicReference<RecordingRepair> repair = new AtomicReference<>();
    try {
      Interruption.interruptible(
          () -> repair.set(Recordings.format(file).repair(file, line)),
          () -> line.tellBytes(() -> "  " + Format.bytes(bytes) + ProgressLine.left(file)));
    } catch (ClosedByInterruptException e) {
      throw new CliException(
          Daqstream.FAILED, "interrupted; nothing is lost: repair " + file + " again");
    } catch (IOException e) {
      throw new CliException(Daqstream.FAILED, Recordings.words(file, e));
    } finally {
      line.end();
    }
    tell(repair.get());
  }

  private void tell(RecordingRepair repair) {
    if (json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("file", repair.file().toString());
      document.put("wasBroken", repair.wasBroken());
      document.put("rows", repair.rows());
      document.put("droppedBytes", repair.droppedBytes());
      streams().out().println(streams().json(document));
    } else if (repair.wasBroken()) {
      String dropped = Format.bytes(repair.droppedBytes());
      streams()
          .out()
          .println(
              "%s: mended, %s rows%s"
                  .formatted(
                      repair.file(),
                      repair.rows(),
                      repair.droppedBytes() == 0
                          ? ""
                          : "; " + dropped + " at the end were of no use"));
    } else {
      streams().out().println(repair.file() + ": whole, " + repair.rows() + " rows");
    }
  }
}
