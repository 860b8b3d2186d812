/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.io.IOException;
import java.util.Set;
import org.daqstream.client.TlsOptions;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.tls.support.FileProblem;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;
import org.daqstream.tls.support.TlsKeys;

/** Reads the keys {@code tls.…} of {@link GatewayConfig}. */
final class LinkTls {
  private static final String CA = "tls.ca";
  private static final String PINS = "tls.pins";
  private static final String CERTIFICATE = "tls.certificate";
  private static final String KEY = "tls.key";

  private LinkTls() {}

  /** Reads the files, so that one that cannot be used is said at once. */
  static TlsOptions of(Values values) {
    TlsFiles files = TlsFiles.pem(file(values, CERTIFICATE), file(values, KEY), file(values, CA));
    if (files.certificate().isSet() != files.privateKey().isSet()) {
      NamedFile one = files.certificate().isSet() ? files.certificate() : files.privateKey();
      throw new RefusedException(
          one.key(), one.path(), "goes with key " + (one.key().equals(KEY) ? CERTIFICATE : KEY));
    }
    Set<String> pins = Set.copyOf(values.list(PINS));
    try {
      TlsKeys keys = files.read();
      for (String pin : pins) {
        check(keys, pin);
      }
    } catch (FileProblem e) {
      throw new RefusedException(e.file().key(), e.file().path(), "cannot be used: " + e.words());
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return new TlsOptions(
        files.trust().path(), pins, files.certificate().path(), files.privateKey().path());
  }

  private static void check(TlsKeys keys, String pin) throws IOException {
    try {
      keys.context(Set.of(pin));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(PINS, pin, "must be sha256/ and the Base64 of 32 bytes");
    }
  }

  private static NamedFile file(Values values, String key) {
    return new NamedFile(key, values.text(key));
  }
}
