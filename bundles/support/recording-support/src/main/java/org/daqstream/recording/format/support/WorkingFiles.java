/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingWriter;

/**
 * Where a recording is until it is finished: {@code _NAME.part} becomes the file, {@code _NAME.wal}
 * holds what is not in it yet. Names that begin with an underscore are passed over by those who
 * read whole folders, as are endings other than theirs by patterns.
 *
 * @param file the name in the end
 */
public record WorkingFiles(Path file) {
  private static final String MARK = "_";
  private static final String PART = ".part";
  private static final String WAL = ".wal";

  /** Of a finished file, or of one of its working files. */
  public static WorkingFiles of(Path any) {
    String name = any.getFileName().toString();
    boolean isWorking = name.endsWith(PART) || name.endsWith(WAL);
    if (!isWorking || !name.startsWith(MARK)) {
      return new WorkingFiles(any);
    }
    return new WorkingFiles(
        any.resolveSibling(name.substring(MARK.length(), name.lastIndexOf('.'))));
  }

  /** What becomes the file. */
  public Path part() {
    return file.resolveSibling(MARK + file.getFileName() + PART);
  }

  /** What is not in the part yet. */
  public Path wal() {
    return file.resolveSibling(MARK + file.getFileName() + WAL);
  }

  /** Nothing of an older recording is overwritten. */
  public void checkFree() throws IOException {
    for (Path each : new Path[] {file, part(), wal()}) {
      if (Files.exists(each)) {
        throw new FileAlreadyExistsException(each.toString());
      }
    }
  }

  /** Opens a new one; while it is open nobody mends it. */
  public static FileChannel create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new IOException(path + " is in use");
    }
    return channel;
  }

  /** Whether nobody writes it now; then nobody does until it is closed. */
  public static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a file system that has no locks
    }
  }

  /** What writes into a part that was just made. */
  public interface Opening {
    /** Begins to write. */
    RecordingWriter open(FileChannel part) throws IOException;
  }

  /** Begins a recording; when that fails nothing is left of it. */
  public RecordingWriter begin(Opening opening) throws IOException {
    checkFree();
    FileChannel channel = create(part());
    try {
      return opening.open(channel);
    } catch (IOException | RuntimeException | LinkageError e) {
      channel.close();
      Files.deleteIfExists(part());
      Files.deleteIfExists(wal());
      throw e;
    }
  }

  /** What completes a part. */
  public interface Mending {
    /**
     * Makes the part what the file will be.
     *
     * @return how many bytes were of no use
     */
    long mend(WorkingFiles files, FileChannel part) throws IOException;

    /** {@return how many rows the mended file has; negative when it has to be asked} */
    default long rows() {
      return -1;
    }
  }

  /**
   * What {@link RecordingFormat#repair} has to do around that: a file that is finished stays, one
   * that is still written is refused.
   *
   * @param any the file, or one of its working files
   */
  public static RecordingRepair repair(Path any, RecordingFormat format, Mending mending)
      throws IOException {
    return repair(any, format, RecordingProgress.NONE, mending);
  }

  /**
   * The same for large files.
   *
   * @param any the file, or one of its working files
   * @param progress is told how far the format is that counts the rows
   */
  public static RecordingRepair repair(
      Path any, RecordingFormat format, RecordingProgress progress, Mending mending)
      throws IOException {
    WorkingFiles files = of(any);
    if (!Files.exists(files.part())) {
      long rows = format.describe(files.file(), progress).rows();
      Files.deleteIfExists(files.wal()); // all of it is in the file
      return new RecordingRepair(files.file(), false, rows, 0);
    }
    if (Files.exists(files.file())) {
      throw new FileAlreadyExistsException(files.file().toString());
    }
    long dropped;
    try (FileChannel channel =
        FileChannel.open(files.part(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!lock(channel)) {
        throw new IOException(files.file() + " is being recorded");
      }
      dropped = mending.mend(files, channel);
      channel.force(true);
      files.finish();
    }
    long counted = mending.rows();
    long rows = counted < 0 ? format.describe(files.file(), progress).rows() : counted;
    return new RecordingRepair(files.file(), true, rows, dropped);
  }

  /** Gives the part its name, which nothing else may have by now. */
  public void finish() throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Files.move(part(), file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
    Files.deleteIfExists(wal());
  }

  /** The new name outlasts the machine, where the system lets a folder be synced. */
  private void forceFolder() {
    Path folder = file.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not there (Windows); then the system does it when it does.
    }
  }
}
