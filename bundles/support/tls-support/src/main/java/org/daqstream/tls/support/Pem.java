/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files; errors name key and file. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (|RSA |EC )PRIVATE KEY-----([^-]*)-----END ");

  private static final byte INTEGER = 2;
  private static final byte OCTET_STRING = 4;
  private static final byte SEQUENCE = 0x30;

  private Pem() {}

  /** All certificates of a file, at least one, in its order. */
  static Certificate[] certificates(NamedFile file) throws IOException {
    try (InputStream in = Files.newInputStream(file.toPath())) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new IOException("holds no certificate");
      }
      return all.toArray(Certificate[]::new);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw file.problem(e);
    }
  }

  /**
   * A private key that is not encrypted: PKCS#8, or the older forms for RSA (PKCS#1) and EC (SEC1).
   */
  static PrivateKey privateKey(NamedFile file, NamedFile certificate, PublicKey publicKey)
      throws IOException {
    try {
      String text = Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
      Matcher pem = KEY.matcher(text);
      if (!pem.find()) {
        throw new IOException(
            text.contains("ENCRYPTED")
                ? "is encrypted, allowed is a key without a password: 'openssl pkey -in "
                    + file.path()
                    + " -out NEW.key' takes it off"
                : "holds no private key (BEGIN PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)");
      }
      byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
      byte[] pkcs8 = pem.group(1).isEmpty() ? bytes : pkcs8(bytes, publicKey);
      PrivateKey key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      checkPair(key, publicKey, certificate.key());
      return key;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw file.problem(e);
    }
  }

  /** PKCS#8 is the same bytes behind the algorithm, which the public key names alike. */
  private static byte[] pkcs8(byte[] key, PublicKey publicKey) {
    byte[] version = {INTEGER, 1, 0};
    byte[] algorithm = firstIn(publicKey.getEncoded());
    return der(SEQUENCE, version, algorithm, der(OCTET_STRING, key));
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (length > 0xff) {
      bytes.write(0x82); // two bytes of length follow
      bytes.write(length >> Byte.SIZE);
    } else if (length > 0x7f) {
      bytes.write(0x81);
    }
    bytes.write(length);
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  /** The first element of a DER sequence. */
  private static byte[] firstIn(byte[] sequence) {
    ByteBuffer bytes = ByteBuffer.wrap(sequence);
    bytes.get();
    lengthOf(bytes);
    int from = bytes.position();
    bytes.get();
    int length = lengthOf(bytes);
    return Arrays.copyOfRange(sequence, from, bytes.position() + length);
  }

  private static int lengthOf(ByteBuffer bytes) {
    int length = bytes.get();
    if (length < 0) { // so many bytes of length follow
      int count = length & 0x7f;
      length = 0;
      for (int i = 0; i < count; i++) {
        length = length << Byte.SIZE | Byte.toUnsignedInt(bytes.get());
      }
    }
    return length;
  }

  /** A wrong pair would not come to light before the first handshake, and then without a name. */
  private static void checkPair(PrivateKey key, PublicKey publicKey, String certificate)
      throws GeneralSecurityException, IOException {
    String algorithm =
        Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA")
            .get(publicKey.getAlgorithm());
    if (algorithm == null) {
      return;
    }
    Signature signature = Signature.getInstance(algorithm);
    byte[] probe = publicKey.getEncoded();
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new IOException("is not the key of the first certificate in " + certificate);
    }
  }
}
