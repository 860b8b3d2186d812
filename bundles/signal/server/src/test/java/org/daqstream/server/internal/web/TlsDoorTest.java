/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.Certificates;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;
import org.junit.Rule;
import org.junit.Test;

/** Looking at the files goes on. */
public class TlsDoorTest {
  @Rule public final TestServer server = new TestServer();

  private static NamedFile file(String key, String name) {
    return new NamedFile(key, Certificates.instance().file(name));
  }

  @Test
  public void aPoolThatTakesNoWorkIsAskedAgain() throws Exception {
    TlsFiles files =
        TlsFiles.pem(
            file("tls.certificate", "server.crt"), file("tls.key", "server.key"), NamedFile.NONE);
    TlsTerms terms = new TlsTerms("pid", files, TlsTerms.ClientCertificates.NONE);
    TlsDoor door = new TlsDoor(terms, server.statistics());
    List<Runnable> looks = new ArrayList<>();
    door.sweep(
        work -> {
          throw new RejectedExecutionException();
        });
    door.sweep(looks::add);
    door.sweep(looks::add);
    assertEquals("one at a time", 1, looks.size());
    looks.get(0).run();
    door.sweep(looks::add);
    assertEquals(2, looks.size());
    door.stop();
  }
}
