/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.server.internal.web.TlsTerms;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;

/** Reads the keys {@code tls.…} of {@link ServerConfig}. */
final class TlsValues {
  private static final String CERTIFICATE = "tls.certificate";
  private static final String KEY = "tls.key";
  private static final String KEY_STORE = "tls.keyStore";
  private static final String PASSWORD = "tls.keyStorePassword";
  private static final String CLIENTS = "tls.clientCertificates";
  private static final String TRUST = "tls.trust";

  private TlsValues() {}

  /** Null when the ports are to speak without TLS; refuses what does not go together. */
  static TlsTerms of(String pid, Values values) {
    TlsFiles files =
        new TlsFiles(
            file(values, CERTIFICATE),
            file(values, KEY),
            file(values, KEY_STORE),
            values.text(PASSWORD),
            file(values, TRUST));
    TlsTerms.ClientCertificates clients = values.choice(CLIENTS, TlsTerms.ClientCertificates.class);
    boolean asks = clients != TlsTerms.ClientCertificates.NONE;
    if (files.certificate().isSet() != files.privateKey().isSet()) {
      NamedFile one = files.certificate().isSet() ? files.certificate() : files.privateKey();
      throw new RefusedException(
          one.key(), one.path(), "goes with key " + (one.key().equals(KEY) ? CERTIFICATE : KEY));
    }
    if (files.keyStore().isSet() && files.certificate().isSet()) {
      throw new RefusedException(
          KEY_STORE, files.keyStore().path(), "stands in place of key " + CERTIFICATE);
    }
    boolean isOn = files.keyStore().isSet() || files.certificate().isSet();
    if (!isOn && (asks || files.trust().isSet())) { // the port would be open
      String key = asks ? CLIENTS : TRUST;
      throw new RefusedException(key, values.text(key), "needs key " + CERTIFICATE);
    }
    if (asks && !files.trust().isSet()) {
      throw new RefusedException(
          CLIENTS,
          values.text(CLIENTS),
          "needs key " + TRUST + ", which tells who vouches for them");
    }
    if (files.trust().isSet() && !values.isSet(CLIENTS)) { // as in the first half of a file
      throw new RefusedException(TRUST, files.trust().path(), "needs key " + CLIENTS);
    }
    if (!isOn) {
      return null;
    }
    TlsTerms terms = new TlsTerms(pid, files, clients);
    terms.check();
    return terms;
  }

  /** Refuses a file that does not say what shut the ports of the server before. */
  static void checkSaid(Values values, String file, TlsTerms before) {
    if (before == null) {
      return;
    }
    if (!values.isSet(CERTIFICATE) && !values.isSet(KEY_STORE)) {
      throw new IllegalArgumentException(
          "key "
              + CERTIFICATE
              + " is missing in "
              + file
              + ", without TLS only a new server starts");
    }
    if (!values.isSet(CLIENTS) && before.clients() != TlsTerms.ClientCertificates.NONE) {
      throw new IllegalArgumentException(
          "key " + CLIENTS + " is missing in " + file + ", 'none' is for nobody shows one");
    }
  }

  private static NamedFile file(Values values, String key) {
    return new NamedFile(key, values.text(key));
  }
}
