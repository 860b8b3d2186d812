/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where keys and trust are: a certificate and its key as PEM files, or both in a PKCS#12 file, or
 * none; and the certificates of those who may vouch for the other side.
 *
 * @param certificate PEM: own certificate, then those between it and the root
 * @param privateKey PEM: its key, not encrypted
 * @param keyStore PKCS#12, in place of the two
 * @param keyStorePassword of the PKCS#12 file
 * @param trust PEM; none: those whom Java trusts
 */
public record TlsFiles(
    NamedFile certificate,
    NamedFile privateKey,
    NamedFile keyStore,
    String keyStorePassword,
    NamedFile trust) {
  /** PEM files only; {@link NamedFile#isSet} tells which there are. */
  public static TlsFiles pem(NamedFile certificate, NamedFile privateKey, NamedFile trust) {
    return new TlsFiles(certificate, privateKey, NamedFile.NONE, "", trust);
  }

  /** Those that there are. */
  List<NamedFile> all() {
    return Stream.of(certificate, privateKey, keyStore, trust).filter(NamedFile::isSet).toList();
  }

  /** The file with the own certificate. */
  NamedFile own() {
    return keyStore.isSet() ? keyStore : certificate;
  }

  /**
   * Reads them; blocks.
   *
   * @throws IOException in one sentence what is wrong with which file
   */
  public TlsKeys read() throws IOException {
    return TlsKeys.read(this);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return all().toString();
  }
}
