/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files; errors name parameter and file. */
final class Pem {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  private Pem() {}

  /** All certificates of a file, at least one, in its order. */
  static Certificate[] certificates(String parameter, String file) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new IOException("holds no certificate");
      }
      return all.toArray(Certificate[]::new);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw problem(parameter, file, e);
    }
  }

  /**
   * A private key.
   *
   * @param algorithm of the public key that belongs to it
   */
  static PrivateKey privateKey(String parameter, String file, String algorithm) throws IOException {
    try {
      Matcher key = KEY.matcher(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
      if (!key.find()) {
        throw new IOException("holds no unencrypted PKCS#8 key (BEGIN PRIVATE KEY)");
      }
      byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw problem(parameter, file, e);
    }
  }

  private static IOException problem(String parameter, String file, Exception cause) {
    String words = cause instanceof NoSuchFileException ? "no such file" : cause.getMessage();
    return new IOException(parameter + " '" + file + "': " + words, cause);
  }
}
