/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;

/**
 * The files that a recorder has written, as a list in its folder that outlasts it and the machine:
 * only these are ever mended or deleted. A line is {@code +}, {@code =} or {@code -} for a file
 * that was begun, is complete or is gone, its size, and its name. One thread.
 */
final class OwnFiles implements AutoCloseable {
  /** So many lines may be of no use any more. */
  private static final int SPARE_LINES = 100;

  private final Path folder;
  private final Object folderKey; // null where the system has none
  private final Path list;
  private final Map<String, RecordedFile> files = new LinkedHashMap<>();
  private final FileChannel lockChannel;
  private List<RecordedFile> all; // null when it is to be made anew
  private FileChannel channel; // of the list
  private long end; // of its whole lines
  private int lines;

  /**
   * Reads the list, and keeps others away from it until it is closed. Complete files that are not
   * in the folder any more are forgotten.
   *
   * @throws IOException when the folder cannot be made, or another recorder of this name uses it
   */
  OwnFiles(Path folder, String recorder) throws IOException {
    this.folder = folder;
    String name = "_" + FileNames.word(recorder) + ".recorder";
    list = folder.resolve(name);
    Files.createDirectories(folder);
    folderKey = keyOf(folder);
    lockChannel =
        FileChannel.open(
            folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isLocked(lockChannel)) {
        throw new IOException("another recorder '" + recorder + "' writes in " + folder);
      }
      if (Files.exists(list)) {
        new String(Files.readAllBytes(list), UTF_8).lines().forEach(this::read);
        Set<String> there = names();
        files.values().removeIf(each -> each.isFinished() && !there.contains(each.name()));
      }
      rewrite();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What tells a file from another one of its name. */
  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Whether the folder is the one that it was, and not moved, deleted, or on another disk. */
  boolean isThere() {
    try {
      return Objects.equals(folderKey, keyOf(folder));
    } catch (IOException e) {
      return false;
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

  /** Leaves the lines out that are of no use any more. */
  private void rewrite() throws IOException {
    StringBuilder text = new StringBuilder();
    files.values().forEach(each -> text.append(line(each)).append('\n'));
    Path fresh = list.resolveSibling(list.getFileName() + ".new");
    FileChannel next =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      long size = write(next, text.toString(), 0);
      next.force(true);
      move(fresh);
      forceFolder();
      closeList();
      channel = next;
      end = size;
      lines = files.size();
    } catch (IOException | RuntimeException e) {
      next.close();
      throw e;
    }
  }

  private void move(Path fresh) throws IOException {
    try {
      Files.move(fresh, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, list, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The new list outlasts the machine, where the system lets a folder be synced. */
  private void forceFolder() {
    try (FileChannel own = FileChannel.open(folder, StandardOpenOption.READ)) {
      own.force(true);
    } catch (IOException e) {
      // Not there (Windows); then the system does it when it does.
    }
  }

  /** Where it ends. */
  private static long write(FileChannel to, String text, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    long at = position;
    while (bytes.hasRemaining()) {
      at += to.write(bytes, at);
    }
    return at;
  }

  private static String line(RecordedFile file) {
    return (file.isFinished() ? "=" : "+") + " " + file.bytes() + " " + file.name();
  }

  private void append(String line) throws IOException {
    if (!Files.exists(list)) {
      rewrite(); // somebody has deleted it
      return;
    }
    if (channel.size() > end) {
      channel.truncate(end); // the beginning of a line for which there was no room
    }
    end = write(channel, line + "\n", end);
    channel.force(false);
    lines++;
    if (lines > 2 * files.size() + SPARE_LINES) {
      try {
        rewrite();
      } catch (IOException e) {
        lines = 0; // no room for it now; the list is good as it is
      }
    }
  }

  private void put(RecordedFile file) throws IOException {
    files.put(file.name(), file);
    all = null;
    append(line(file));
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void begun(String name) throws IOException {
    try {
      put(new RecordedFile(name, 0, false));
    } catch (IOException | RuntimeException e) {
      files.remove(name); // it is not begun
      all = null;
      throw e;
    }
  }

  void finished(String name) throws IOException {
    put(new RecordedFile(name, Files.size(path(name)), true));
  }

  /** A file that is not there any more, or was not begun at all. */
  void forget(String name) {
    files.remove(name);
    all = null;
    try {
      append("- 0 " + name);
    } catch (IOException e) {
      // The next start finds that it is not there.
    }
  }

  /** All of them, the oldest first. */
  List<RecordedFile> all() {
    if (all == null) {
      all = List.copyOf(files.values());
    }
    return all;
  }

  /** The newest ones. */
  List<RecordedFile> newest(int count) {
    return all().subList(Math.max(0, all().size() - count), all().size());
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
    try (lockChannel) {
      closeList();
    } catch (IOException e) {
      // Nothing is left to be written.
    }
  }

  private void closeList() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
