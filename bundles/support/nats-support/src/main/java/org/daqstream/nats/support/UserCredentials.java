/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import io.nats.client.AuthHandler;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.tls.support.NamedFile;

/**
 * A {@code .creds} file: a user's JWT, and the seed of the key that signs what the server asks.
 * Signed by Java itself, so that jnats does not need Bouncy Castle.
 */
final class UserCredentials implements AuthHandler {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  /** In front of the seed: what it is for. Behind it: a checksum. */
  private static final int PREFIX_BYTES = 2;

  private static final int SEED_BYTES = 32;
  private static final int SUM_BYTES = 2;

  private final char[] jwt;
  private final PrivateKey key;

  private UserCredentials(String jwt, PrivateKey key) {
    this.jwt = jwt.toCharArray();
    this.key = key;
  }

  /**
   * Reads it.
   *
   * @throws IOException in one sentence what is wrong with the file, without what is in it
   */
  static UserCredentials read(NamedFile file) throws IOException {
    String what = file.key() + " '" + file.path() + "': ";
    try {
      String text = Files.readString(Path.of(file.path()));
      String jwt = block(text, "NATS USER JWT");
      String seed = block(text, "USER NKEY SEED");
      if (jwt.isEmpty() || seed.isEmpty()) {
        throw new IOException("holds no JWT and seed of a user");
      }
      return new UserCredentials(jwt, key(seed));
    } catch (NoSuchFileException e) {
      throw new IOException(what + "no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(what + "may not be read by this user", e);
    } catch (IOException e) {
      throw new IOException(what + e.getMessage(), e);
    }
  }

  private static String block(String text, String title) {
    Matcher block =
        Pattern.compile("-+BEGIN " + title + "-+\\s*([^\\s-][^\\s]*)\\s*-+END " + title + "-+")
            .matcher(text);
    return block.find() ? block.group(1) : "";
  }

  private static PrivateKey key(String seed) throws IOException {
    byte[] bytes = base32(seed);
    try {
      if (!seed.startsWith("SU") || bytes.length != PREFIX_BYTES + SEED_BYTES + SUM_BYTES) {
        throw new IOException("the seed is none of a user");
      }
      byte[] secret = Arrays.copyOfRange(bytes, PREFIX_BYTES, PREFIX_BYTES + SEED_BYTES);
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
    } catch (GeneralSecurityException e) {
      throw new IOException("the seed cannot be used", e);
    }
  }

  /** Without padding; what is no letter of it gives too few bytes. */
  private static byte[] base32(String text) {
    byte[] bytes = new byte[text.length() * BITS / Byte.SIZE];
    int count = 0;
    int bits = 0;
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return new byte[0];
      }
      value = value << BITS | digit;
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes[count++] = (byte) (value >> bits);
        value &= (1 << bits) - 1;
      }
    }
    return bytes;
  }

  @Override
  public byte[] sign(byte[] nonce) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(nonce);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime signs by no Ed25519", e);
    }
  }

  /** None: the JWT names the key. */
  @Override
  public char[] getID() {
    return null;
  }

  @Override
  public char[] getJWT() {
    return jwt.clone();
  }
}
