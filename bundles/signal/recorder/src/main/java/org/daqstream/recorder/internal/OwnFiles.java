/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;

/**
 * The files that a recorder has written, as a list in its folder that outlasts it: only these are
 * ever mended or deleted. A line is {@code +}, {@code =} or {@code -} for a file that was begun, is
 * complete or is gone, its size, and its name.
 */
final class OwnFiles implements AutoCloseable {
  private final Path folder;
  private final Path list;
  private final Map<String, RecordedFile> files = new LinkedHashMap<>();
  private final FileChannel lockChannel;

  /**
   * Reads the list, and keeps others away from it until it is closed.
   *
   * @throws IOException when the folder cannot be made, or another recorder of this name uses it
   */
  OwnFiles(Path folder, String recorder) throws IOException {
    this.folder = folder;
    String name = "_" + FileNames.word(recorder) + ".recorder";
    list = folder.resolve(name);
    Files.createDirectories(folder);
    lockChannel =
        FileChannel.open(
            folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isLocked(lockChannel)) {
        throw new IOException("another recorder '" + recorder + "' writes in " + folder);
      }
      if (Files.exists(list)) {
        Files.readAllLines(list, UTF_8).forEach(this::read);
      }
      rewrite();
    } catch (IOException | RuntimeException e) {
      lockChannel.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a file system without locks
    }
  }

  private void read(String line) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3 || !parts[1].matches("[0-9]{1,18}")) {
      return; // the end of a list that was cut off
    }
    if (parts[0].equals("-")) {
      files.remove(parts[2]);
    } else {
      boolean isFinished = parts[0].equals("=");
      files.put(parts[2], new RecordedFile(parts[2], Long.parseLong(parts[1]), isFinished));
    }
  }

  private void rewrite() throws IOException {
    List<String> lines = new ArrayList<>();
    files.values().forEach(each -> lines.add(line(each)));
    Path fresh = list.resolveSibling(list.getFileName() + ".new");
    Files.write(fresh, lines, UTF_8);
    try {
      Files.move(fresh, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, list, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String line(RecordedFile file) {
    return (file.isFinished() ? "=" : "+") + " " + file.bytes() + " " + file.name();
  }

  private void append(String line) throws IOException {
    Files.writeString(
        list, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void begun(String name) throws IOException {
    RecordedFile file = new RecordedFile(name, 0, false);
    append(line(file));
    files.put(name, file);
  }

  void finished(String name) throws IOException {
    RecordedFile file = new RecordedFile(name, Files.size(path(name)), true);
    files.put(name, file);
    append(line(file));
  }

  void forget(String name) throws IOException {
    files.remove(name);
    append("- 0 " + name);
  }

  /** All of them, the oldest first. */
  List<RecordedFile> all() {
    return List.copyOf(files.values());
  }

  /** The newest ones. */
  List<RecordedFile> newest(int count) {
    List<RecordedFile> all = all();
    return all.subList(Math.max(0, all.size() - count), all.size());
  }

  /**
   * Deletes a complete file, unless somebody has put another one in its place.
   *
   * @return whether it was there and is gone
   */
  boolean delete(RecordedFile file) throws IOException {
    Path path = path(file.name());
    boolean isOurs = Files.isRegularFile(path) && Files.size(path) == file.bytes();
    if (isOurs) {
      Files.delete(path);
    }
    forget(file.name());
    return isOurs;
  }

  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      // Nothing was written to it.
    }
  }
}
