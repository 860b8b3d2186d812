/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.tokens.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with those who may log in, read again when somebody {@link #look}s and it has changed.
 * What cannot be read changes nothing and is said once; a file that is gone, and stays away, lets
 * nobody in. Whoever asks what it says never waits for a disk.
 */
final class LoginsFile {
  private static final Logger LOG = LoggerFactory.getLogger(LoginsFile.class);
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LIMIT_BYTES = 4 << 20;

  private final Path file;
  private final LongSupplier nanoTime;
  private final Reader reader;
  private volatile Logins logins = Logins.NONE;
  private State seen = State.NONE;
  private long awaySinceNanos;
  private boolean isUnreadable;

  /** What tells whether the file is another one than before. */
  private record State(Instant modified, long bytes, Object key) {
    static final State NONE = new State(Instant.MIN, -1, "");

    static State of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(
          attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
    }
  }

  /** Reads the lines of a file. */
  @FunctionalInterface
  interface Reader {
    List<String> lines(Path file) throws IOException;
  }

  LoginsFile(Path file, LongSupplier nanoTime, Reader reader) {
    this.file = file;
    this.nanoTime = nanoTime;
    this.reader = reader;
    look();
  }

  /** What the file said when somebody looked last; never blocks. */
  Logins logins() {
    return logins;
  }

  /** Reads the file if it has changed, and may block; whether it says something else now. */
  synchronized boolean look() {
    Logins before = logins;
    long now = nanoTime.getAsLong();
    try {
      State state = State.of(file);
      awaySinceNanos = 0;
      if (!state.equals(seen)) {
        seen = state;
        take();
      }
    } catch (NoSuchFileException e) {
      awaySinceNanos = awaySinceNanos == 0 ? now : awaySinceNanos;
      boolean isGone = now - awaySinceNanos > AWAY_NANOS;
      if (isGone && logins != Logins.NONE) { // while it is replaced it may be away for a moment
        logins = Logins.NONE;
        seen = State.NONE;
        LOG.warn("{} is gone: whoever logged in by it has to leave", file);
      }
    } catch (IOException e) {
      unreadable(e);
    }
    return logins != before;
  }

  /** It is looked at again, though nothing of it may change. */
  private void unreadable(IOException e) {
    if (!isUnreadable) {
      LOG.error("{} cannot be read, what it said before holds: {}", file, e.toString());
    }
    isUnreadable = true;
    seen = null;
  }

  private void take() {
    try {
      logins = read();
      isUnreadable = false;
      warnOfReaders();
    } catch (IllegalArgumentException e) {
      isUnreadable = false;
      LOG.error("{} is not taken, what it said before holds: {}", file, e.getMessage());
    } catch (IOException e) {
      unreadable(e);
    }
  }

  private Logins read() throws IOException {
    if (Files.size(file) > LIMIT_BYTES) {
      throw new IllegalArgumentException("it is larger than " + LIMIT_BYTES + " bytes");
    }
    try {
      return Logins.parse(reader.lines(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is no text in UTF-8", e);
    }
  }

  private void warnOfReaders() throws IOException {
    if (isPosix()) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER_"))) {
        LOG.warn("{} is open to others than its owner; 'chmod 600' closes it", file);
      }
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /** A change of the file. */
  interface Change {
    /** The lines that the file is to have. */
    List<String> apply(Logins now);
  }

  /** Changes the file as it is now, which holds at once; a broken one is not. */
  synchronized void change(Change change) throws IOException {
    Logins now;
    try {
      now = Files.exists(file) ? read() : Logins.NONE;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " has to be mended first: " + e.getMessage(), e);
    }
    List<String> lines = change.apply(now);
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    FileAttribute<?>[] ownersOnly =
        isPosix()
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new", ownersOnly);
    try {
      Files.write(fresh, lines, StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    look();
  }
}
