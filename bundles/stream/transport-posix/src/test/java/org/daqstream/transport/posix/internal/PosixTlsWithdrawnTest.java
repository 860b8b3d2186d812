/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Certificates that are not trusted any more, or expire, while their owners are connected. */
public class PosixTlsWithdrawnTest extends TlsBench {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** Has the input trust these from now on. */
  private String trust(String... names) throws IOException {
    Path file = folder.getRoot().toPath().resolve("trust.crt");
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      all.append(Files.readString(Path.of(CERTIFICATES.file(name))));
    }
    Path fresh = folder.getRoot().toPath().resolve("new");
    Files.writeString(fresh, all);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    return file.toString();
  }

  @Test
  public void whoseIssuerIsTrustedNoMoreGoesAndOthersStay() throws Exception {
    listen(
        "127.0.0.1",
        "requireClientCertificate",
        true,
        "trustFile",
        trust("ca.crt", "stranger.crt"));
    dialAs("client");
    Await.until("one", () -> sink.up().size() == 1);
    TransportOutput stays = dialAs("stranger");
    Await.until("both", () -> sink.up().size() == 2);
    trust("stranger.crt");
    Await.until("gone", () -> !sink.down().isEmpty());
    String why = sink.down().get(0);
    assertTrue(why, why.contains("CN=client is issued by CN=ca, which is not trusted"));
    stays.offer(Posix.text("still here"));
    Await.until("it", () -> sink.byteCount(sink.up().get(1)) == 10);
    assertEquals(1, input.statistics().peers());
  }

  @Test
  public void whoseCertificateExpiresGoes() throws Exception {
    Instant end = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);
    CERTIFICATES.make("posix-brief", end);
    listenForClients();
    dialAs("posix-brief");
    Await.until("one", () -> sink.up().size() == 1);
    assertEquals(List.of(), sink.down());
    Await.until("gone", () -> !sink.down().isEmpty());
    assertTrue(sink.down().toString(), sink.down().get(0).contains("CN=posix-brief expired"));
    assertTrue("not before", !Instant.now().isBefore(end));
  }
}
