/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads files again when they have changed, also behind links. What cannot be used is said, and
 * what was read before stays. It has no thread: somebody calls {@link #check} now and then.
 */
public final class TlsWatch {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration WARN_BEFORE = Duration.ofDays(30);
  private static final Duration WARN_EVERY = Duration.ofDays(1);

  private final String who;
  private final TlsFiles files;
  private final Taker taker;
  private final Consumer<String> info;
  private final Consumer<String> warning;
  private final Clock clock;
  private TlsKeys keys;
  private List<String> used;
  private List<String> seen;
  private List<String> refused = List.of();
  private Instant nextCheck = Instant.MIN;
  private Instant nextWarning = Instant.MIN;

  /** Uses what was read. */
  @FunctionalInterface
  public interface Taker {
    /** Fails when it cannot be used, with the reason; what was used before stays. */
    void take(TlsKeys keys) throws Exception;
  }

  /**
   * Reads them, and warns of a certificate that ends soon.
   *
   * @param who for messages, the PID or stream that the files belong to
   * @param taker gets what is read later
   * @param info takes lines that tell what was read
   * @param warning takes lines that tell what is wrong
   * @throws IOException in one sentence what is wrong with which file
   */
  public TlsWatch(
      String who,
      TlsFiles files,
      Taker taker,
      Consumer<String> info,
      Consumer<String> warning,
      Clock clock)
      throws IOException {
    this.who = who;
    this.files = files;
    this.taker = taker;
    this.info = info;
    this.warning = warning;
    this.clock = clock;
    used = state();
    seen = used;
    keys = files.read();
    warn(clock.instant());
  }

  /** What is in use. */
  public synchronized TlsKeys keys() {
    return keys;
  }

  /**
   * Looks at the files, at most once a second, and blocks for reading them. A change counts when it
   * was seen twice: files that belong together are not written at once.
   */
  public synchronized void check() {
    Instant now = clock.instant();
    if (isStillToCome(nextCheck, EVERY, now)) {
      return;
    }
    nextCheck = now.plus(EVERY);
    List<String> state = state();
    boolean settled = state.equals(seen);
    seen = state;
    if (settled && !state.equals(used)) {
      reload(state, now);
    }
    warn(now);
  }

  /**
   * As {@link #check}, for those who look seldom: a change counts at once. When files that belong
   * together are seen in between, that is said, and the next look finds them.
   */
  public synchronized void reread() {
    seen = state();
    check();
  }

  /** Not when the clock has been set back meanwhile. */
  private static boolean isStillToCome(Instant next, Duration every, Instant now) {
    return now.isBefore(next) && !now.isBefore(next.minus(every));
  }

  /** What cannot be taken now may be at another look, but is said once. */
  private void reload(List<String> state, Instant now) {
    try {
      TlsKeys read = files.read();
      Optional<String> problem =
          read.certificate().flatMap(own -> CertificateText.problemOfTime(own, now));
      if (problem.isPresent()) {
        throw files.own().problem(new IOException(problem.get()));
      }
      taker.take(read);
      keys = read;
      used = state;
      nextWarning = Instant.MIN;
      info.accept(who + ": TLS read again" + read.certificate().map(this::until).orElse(""));
    } catch (Exception e) { // whatever is wrong with it, the old one does
      if (!state.equals(refused)) {
        refused = state;
        warning.accept(who + ": " + e.getMessage() + "; goes on with what was read before");
      }
    }
  }

  private String until(X509Certificate own) {
    return ": "
        + CertificateText.subject(own)
        + " for "
        + CertificateText.names(own)
        + ", valid until "
        + CertificateText.second(own.getNotAfter().toInstant());
  }

  private void warn(Instant now) {
    X509Certificate own = keys.certificate().orElse(null);
    if (own == null || isStillToCome(nextWarning, WARN_EVERY, now)) {
      return;
    }
    Instant end = own.getNotAfter().toInstant();
    Optional<String> problem = CertificateText.problemOfTime(own, now);
    if (problem.isPresent() || now.plus(WARN_BEFORE).isAfter(end)) {
      nextWarning = now.plus(WARN_EVERY);
      warning.accept(
          "%s: %s '%s' %s"
              .formatted(
                  who,
                  files.own().key(),
                  files.own().path(),
                  problem.orElseGet(() -> expiry(now, end))));
    }
  }

  private static String expiry(Instant now, Instant end) {
    return "expires in %d days, on %s"
        .formatted(Duration.between(now, end).toDays(), CertificateText.second(end));
  }

  /** Changes when a file does. */
  private List<String> state() {
    List<String> state = new ArrayList<>();
    for (NamedFile file : files.all()) {
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(file.toPath(), BasicFileAttributes.class);
        state.add(
            attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
      } catch (IOException e) {
        state.add(e.getClass().getName());
      }
    }
    return state;
  }
}
