/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.tokens.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token as its holder has it: {@code dqs_<id>_<secret>}. The secret has 256 random bits. Nobody
 * can try as many, however fast hashing is, so a plain salted hash is enough, and checking one
 * costs a flood of wrong tokens no time of ours.
 */
record Secret(String id, String secret) {
  private static final int ID_BYTES = 4;
  private static final int SECRET_BYTES = 32;
  static final int SALT_BYTES = 16;
  private static final Pattern FORM = Pattern.compile("dqs_([0-9a-f]{8})_([A-Za-z0-9_-]{43})");
  private static final SecureRandom RANDOM = new SecureRandom();

  static Secret random() {
    return new Secret(
        HexFormat.of().formatHex(randomBytes(ID_BYTES)),
        Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(SECRET_BYTES)));
  }

  static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Reads a token; {@code null} if it is none of ours. */
  static Secret parse(String token) {
    Matcher matcher = FORM.matcher(token);
    return matcher.matches() ? new Secret(matcher.group(1), matcher.group(2)) : null;
  }

  String token() {
    return "dqs_" + id + "_" + secret;
  }

  byte[] hash(byte[] salt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      return digest.digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "token " + id;
  }
}
