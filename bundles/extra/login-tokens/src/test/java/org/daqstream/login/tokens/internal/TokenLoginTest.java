/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.tokens.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TokenLoginTest {
  @Rule public final TemporaryFolder home = new TemporaryFolder();
  private TokenLogin login;
  private Path file;
  private final AtomicLong nanos = new AtomicLong(1);

  /** What the disk does before a file is read. */
  private LoginsFile.Reader disk = path -> List.of();

  private void passMs(long ms) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  /** A while goes by, and the thread looks at the file. */
  private void lookAfterMs(long ms) {
    passMs(ms);
    login.look();
  }

  private TokenLogin newLogin() {
    LoginsFile.Reader reader =
        path -> {
          disk.lines(path);
          return Files.readAllLines(path);
        };
    return new TokenLogin(home.getRoot().toPath(), nanos::get, reader, Map.of());
  }

  @Before
  public void begin() {
    LogLines.clear();
    login = newLogin();
    file = home.getRoot().toPath().resolve("etc/logins");
  }

  private Optional<Identity> show(String token) {
    return login.authenticate(Credentials.ofToken(token, InetAddress.getLoopbackAddress()));
  }

  private Optional<Identity> showSubjects(String... subjects) {
    return login.authenticate(
        Credentials.ofCertificates(List.of(subjects), InetAddress.getLoopbackAddress()));
  }

  /** As an editor does, at another time than before. */
  private void edit(List<String> lines) throws Exception {
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    passMs(250);
    Files.setLastModifiedTime(file, FileTime.from(nanos.get(), TimeUnit.NANOSECONDS));
    login.look();
  }

  @Test
  public void aTokenHoldsFromItsMakingToItsEnd() throws Exception {
    String token = login.create(Set.of("reader", "b"), " the hall ");
    Identity identity = show(token).orElseThrow();
    assertEquals(Set.of("reader", "b"), identity.roles());
    assertEquals(identity, login.current(identity).orElseThrow());
    assertTrue(identity.name(), identity.name().endsWith(" the hall"));
    String id = login.tokens().get(0).id();
    assertTrue(login.revoke(id));
    assertFalse(show(token).isPresent());
    assertFalse(login.current(identity).isPresent());
    assertFalse(login.revoke(id));
    assertEquals(List.of(), login.tokens());
  }

  @Test
  public void theFileHasNoSecretAndIsItsOwnersOnly() throws Exception {
    String token = login.create(Set.of("reader"), "");
    String text = Files.readString(file);
    assertFalse(text, text.contains(token.substring(13)));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertNotEquals(token, login.create(Set.of("reader"), ""));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
    assertEquals(List.of(), LogLines.all());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    newLogin();
    assertEquals(LogLines.all().toString(), 1, LogLines.with("chmod 600").size());
  }

  @Test
  public void onlyTheVeryTokenIsKnown() throws Exception {
    String token = login.create(Set.of("reader"), "");
    String other = login.create(Set.of("reader"), "");
    assertTrue(show(token).isPresent());
    for (String wrong :
        List.of(
            "",
            token + "x",
            token.substring(0, token.length() - 1),
            token.substring(0, 13) + other.substring(13),
            token.toUpperCase(java.util.Locale.ROOT),
            " " + token,
            token.replace("dqs_", "dqs_0"))) {
      assertFalse(wrong, show(wrong).isPresent());
    }
    assertFalse(
        login
            .authenticate(Credentials.ofUser("reader", token, InetAddress.getLoopbackAddress()))
            .isPresent());
  }

  /** How long an answer takes tells nobody whether there is a token of that id. */
  @Test
  public void asMuchIsComputedForATokenThatIsNotThere() throws Exception {
    Secret known = Secret.parse(login.create(Set.of("reader"), ""));
    Logins logins = Logins.parse(Files.readAllLines(file));
    for (String id : List.of(known.id(), Secret.random().id())) {
      List<Integer> saltBytes = new ArrayList<>();
      byte[] wrong = new byte[32]; // the hash that stands for nobody's
      Optional<Identity> found =
          logins.find(
              id,
              salt -> {
                saltBytes.add(salt.length);
                return wrong;
              });
      assertEquals(Optional.empty(), found);
      assertEquals("one hash of the same length", List.of(Secret.SALT_BYTES), saltBytes);
    }
    assertTrue(logins.find(known).isPresent());
  }

  @Test
  public void certificatesAreKnownByTheirSubject() throws Exception {
    edit(List.of("# who", "", "certificate reader,b CN=gate 7, O=Lab"));
    assertEquals(Set.of("reader", "b"), showSubjects("CN=Gate 7,O=lab").orElseThrow().roles());
    assertFalse(showSubjects("CN=gate 7").isPresent());
    assertFalse(showSubjects("CN=gate 7,O=Lab,C=DE").isPresent());
    assertFalse("vouches for others", showSubjects("CN=x", "CN=gate 7,O=Lab").isPresent());
    assertFalse(showSubjects("no name").isPresent());
    assertFalse(show("cn=gate 7,o=lab").isPresent());
  }

  @Test
  public void aBrokenFileChangesNothingAndIsSaidOnce() throws Exception {
    String token = login.create(Set.of("reader"), "");
    List<String> good = Files.readAllLines(file);
    List<String> bad = new ArrayList<>(good);
    bad.add("token half of a secret line");
    edit(bad);
    assertTrue(show(token).isPresent());
    lookAfterMs(250);
    assertTrue(show(token).isPresent());
    assertEquals(1, LogLines.with("line 2 is no proper one").size());
    assertFalse(LogLines.all().toString(), LogLines.all().toString().contains("secret"));
    assertThrows(IOException.class, () -> login.create(Set.of("reader"), ""));
    assertEquals(bad, Files.readAllLines(file));
    edit(List.of(good.get(0).replace(" reader ", " other ")));
    assertEquals(Set.of("other"), show(token).orElseThrow().roles());
  }

  @Test
  public void aFileThatIsGoneLetsNobodyIn() throws Exception {
    String token = login.create(Set.of("reader"), "");
    Path aside = file.resolveSibling("aside");
    Files.move(file, aside);
    lookAfterMs(250);
    assertTrue("replaced perhaps", show(token).isPresent());
    Files.move(aside, file);
    lookAfterMs(250);
    assertTrue(show(token).isPresent());
    Files.delete(file);
    for (int i = 0; i < 5; i++) {
      lookAfterMs(210);
      assertTrue("away for less than a second", show(token).isPresent());
    }
    lookAfterMs(210);
    assertFalse(show(token).isPresent());
    assertEquals(1, LogLines.with("is gone").size());
  }

  /** As a disk behind a net does. */
  @Test
  public void aFileThatCannotBeReadIsTriedAgainThoughItDoesNotChange() throws Exception {
    String token = login.create(Set.of("reader"), "");
    disk =
        path -> {
          throw new IOException("stale file handle");
        };
    edit(List.of(Files.readAllLines(file).get(0).replace(" reader ", " other ")));
    lookAfterMs(250);
    assertEquals("as before", Set.of("reader"), show(token).orElseThrow().roles());
    assertEquals(1, LogLines.with("stale file handle").size());
    disk = path -> List.of();
    lookAfterMs(250);
    assertEquals(Set.of("other"), show(token).orElseThrow().roles());
    assertEquals(1, LogLines.all().size());
  }

  /** Those who ask are threads of the server, which has others to serve. */
  @Test
  public void nobodyWhoAsksWaitsForTheDisk() throws Exception {
    String token = login.create(Set.of("reader"), "");
    CountDownLatch isReading = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    disk =
        path -> {
          isReading.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return List.of();
        };
    List<String> none = List.of("# nobody");
    Thread looking =
        new Thread(
            () -> {
              try {
                edit(none);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    looking.start();
    isReading.await();
    passMs(10_000);
    assertTrue(show(token).flatMap(login::current).isPresent());
    assertEquals(1, login.tokens().size());
    answer.countDown();
    looking.join();
    assertFalse(show(token).isPresent());
  }

  @Test
  public void whoeverChangesItTheServerIsTold() throws Exception {
    AtomicInteger told = new AtomicInteger();
    login.whenChanged(told::incrementAndGet);
    login.create(Set.of("reader"), "");
    assertEquals(1, told.get());
    lookAfterMs(250);
    assertEquals("nothing is new", 1, told.get());
    login.revoke(login.tokens().get(0).id());
    assertEquals(2, told.get());
    edit(List.of("certificate reader CN=a"));
    assertEquals(3, told.get());
    login.modified(Map.of("file", "elsewhere"));
    assertEquals(4, told.get());
  }

  @Test
  public void aThreadLooksWhileTheComponentIsThere() throws Exception {
    String token = login.create(Set.of("reader"), "");
    TokenLogin component = new TokenLogin(new FakeContext().get(), Map.of("file", file.toString()));
    Credentials credentials = Credentials.ofToken(token, InetAddress.getLoopbackAddress());
    assertTrue(component.authenticate(credentials).isPresent());
    login.revoke(login.tokens().get(0).id());
    Await.until("revoked by another hand", () -> component.authenticate(credentials).isEmpty());
    component.stop();
    Await.noThread("daqstream-logins");
  }

  @Test
  public void whatIsNoRoleOrNameIsRefused() throws Exception {
    for (Set<String> roles : List.of(Set.<String>of(), Set.of("a b"), Set.of("a\nb"), Set.of(""))) {
      assertThrows(IllegalArgumentException.class, () -> login.create(roles, ""));
    }
    for (String name : List.of("a\nb", "x".repeat(101))) {
      assertThrows(IllegalArgumentException.class, () -> login.create(Set.of("a"), name));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  public void handsThatEditKeepTheirLines() throws Exception {
    edit(List.of("# ours", "certificate reader CN=a"));
    String id = login.create(Set.of("reader"), "x").substring(4, 12);
    login.revoke(id);
    assertEquals(List.of("# ours", "certificate reader CN=a"), Files.readAllLines(file));
  }

  @Test
  public void aByteOrderMarkInFrontOfATokenKeepsItNot() throws Exception {
    String token = login.create(Set.of("reader"), "");
    edit(List.of("\ufeff" + Files.readAllLines(file).get(0)));
    assertTrue(show(token).isPresent());
    assertTrue(login.revoke(login.tokens().get(0).id()));
    assertFalse(show(token).isPresent());
    assertEquals(List.of(), Files.readAllLines(file));
  }

  /** A seed for each run; files of any bytes are taken or refused, and never let in by chance. */
  @Test
  public void randomFiles() throws Exception {
    login.create(Set.of("reader"), "a name");
    String good = Files.readString(file) + "certificate reader CN=a,O=b\n# c\n";
    for (long seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder(good);
      for (int i = random.nextInt(1, 8); i > 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(0, 300));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 40)));
          default -> text.insert(at, good, 0, random.nextInt(good.length()));
        }
      }
      try {
        Logins logins = Logins.parse(text.toString().lines().toList());
        assertFalse("seed " + seed, logins.find(Secret.random()).isPresent());
        assertFalse("seed " + seed, logins.findSubject("CN=nobody").isPresent());
      } catch (IllegalArgumentException e) {
        assertTrue("seed " + seed + ": " + e.getMessage(), e.getMessage().startsWith("line "));
      }
    }
  }
}
