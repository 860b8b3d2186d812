/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.io.IOException;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;

/**
 * Whom a client trusts, and who it is itself, for encrypted addresses. Files are PEM.
 *
 * @param caFile certificates that vouch for devices; empty for those that the Java runtime trusts
 * @param pins keys of which the device must have one, as {@code sha256/} and the Base64 of the hash
 *     of the public key; without {@code caFile} the key alone decides, not the name
 * @param certificateFile certificate of this client, if the device asks for one; may be empty
 * @param keyFile its key, without a password; empty without certificate
 */
public record TlsOptions(String caFile, Set<String> pins, String certificateFile, String keyFile) {
  /** Trusts those that the Java runtime trusts, and shows no certificate. */
  public static final TlsOptions NONE = new TlsOptions("", Set.of(), "", "");

  /** Refuses a certificate without key, and a key without certificate. */
  public TlsOptions {
    if (certificateFile.isEmpty() != keyFile.isEmpty()) {
      throw new IllegalArgumentException("a certificate and its key go together");
    }
    pins = Set.copyOf(pins);
  }

  /**
   * {@return what connections are made with; reads the files}
   *
   * @throws IOException in one sentence what is wrong with which file
   * @throws IllegalArgumentException for what is no pin
   */
  public SSLContext context() throws IOException {
    return TlsFiles.pem(
            new NamedFile("certificate", certificateFile),
            new NamedFile("key", keyFile),
            new NamedFile("trusted certificates", caFile))
        .read()
        .context(pins);
  }
}
