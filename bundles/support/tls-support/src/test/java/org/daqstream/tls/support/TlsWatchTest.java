/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.testing.Certificates;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files that change while they are in use. */
public class TlsWatchTest {
  private static final Certificates CERTIFICATES = Certificates.instance();

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final SetClock clock = new SetClock();
  private final List<TlsKeys> taken = new ArrayList<>();
  private final List<String> infos = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private boolean isRefused;
  private TlsWatch watch;

  /** Goes on only when told. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.now();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Before
  public void begin() throws IOException {
    put("server", "crt");
    put("server", "key");
    NamedFile certificate = new NamedFile("tls.certificate", file("crt").toString());
    NamedFile key = new NamedFile("tls.key", file("key").toString());
    watch =
        new TlsWatch(
            "pid",
            TlsFiles.pem(certificate, key, NamedFile.NONE),
            this::take,
            infos::add,
            warnings::add,
            clock);
    warnings.clear(); // test certificates live for two days
  }

  private void take(TlsKeys keys) throws IOException {
    if (isRefused) {
      throw new IOException("not now");
    }
    taken.add(keys);
  }

  private Path file(String extension) {
    return folder.getRoot().toPath().resolve("own." + extension);
  }

  private void put(String name, String extension) throws IOException {
    Path other = folder.getRoot().toPath().resolve("new");
    Files.copy(Path.of(CERTIFICATES.file(name + "." + extension)), other);
    Files.move(other, file(extension), StandardCopyOption.REPLACE_EXISTING);
  }

  private void checkTwice() {
    for (int i = 0; i < 2; i++) {
      clock.now = clock.now.plus(Duration.ofSeconds(1));
      watch.check();
    }
  }

  @Test
  public void nothingIsReadAgainWithoutAChange() {
    checkTwice();
    assertEquals(List.of(), taken);
    assertEquals(List.of(), warnings);
  }

  @Test
  public void newFilesAreReadOnceBothAreThere() throws Exception {
    put("client", "crt");
    clock.now = clock.now.plus(Duration.ofSeconds(1));
    watch.check();
    put("client", "key");
    checkTwice();
    assertEquals(1, taken.size());
    assertSame(taken.get(0), watch.keys());
    assertTrue(infos.get(0), infos.get(0).contains("CN=client"));
  }

  @Test
  public void aBrokenNewOneIsSaidOnceAndTheOldOneStays() throws Exception {
    TlsKeys before = watch.keys();
    put("stranger", "key");
    checkTwice();
    checkTwice();
    assertSame(before, watch.keys());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0), warnings.get(0).endsWith("; goes on with what was read before"));
    put("server", "key");
    checkTwice();
    assertEquals(1, taken.size());
  }

  @Test
  public void whatCouldNotBeUsedIsTriedAgainWithoutAnotherChange() throws Exception {
    isRefused = true;
    put("client", "crt");
    put("client", "key");
    checkTwice();
    checkTwice();
    assertEquals(List.of(), taken);
    assertEquals(1, warnings.size());
    isRefused = false;
    checkTwice();
    assertEquals(1, taken.size());
  }

  @Test
  public void aClockThatIsSetBackStopsNothing() throws Exception {
    clock.now = clock.now.plus(Duration.ofHours(1));
    checkTwice();
    clock.now = clock.now.minus(Duration.ofHours(1));
    put("client", "crt");
    put("client", "key");
    checkTwice();
    assertEquals(1, taken.size());
  }

  @Test
  public void oneThatHasExpiredReplacesNone() throws Exception {
    put("expired", "crt");
    put("expired", "key");
    checkTwice();
    assertEquals(List.of(), taken);
    assertTrue(warnings.get(0), warnings.get(0).contains("expired on "));
  }

  @Test
  public void itsEndIsSaidFromThirtyDaysBeforeOn() throws Exception {
    put("lasting", "crt");
    put("lasting", "key");
    checkTwice();
    Instant end = watch.keys().certificate().orElseThrow().getNotAfter().toInstant();
    clock.now = end.minus(Duration.ofDays(30)).minusSeconds(3);
    checkTwice();
    assertEquals("a second before", List.of(), warnings);
    checkTwice();
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.get(0),
        warnings.get(0).startsWith("pid: tls.certificate '")
            && warnings.get(0).contains("' expires in 29 days, on "));
  }

  @Test
  public void itsEndIsSaidOnceADay() {
    clock.now = clock.now.plus(Duration.ofDays(1)).plusSeconds(1);
    checkTwice();
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0), warnings.get(0).contains("expires in 0 days"));
    clock.now = clock.now.plus(Duration.ofDays(2));
    checkTwice();
    assertTrue(warnings.get(1), warnings.get(1).contains("expired on "));
  }
}
