/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.daqstream.tls.support.NamedFile;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Users by JWT and key, as an operator of NATS makes them. */
public class UserCredentialsTest {
  private static final int OPERATOR = 14 << 3;
  private static final int ACCOUNT = 0;
  private static final int USER = 20 << 3;
  private static final int SEED = 18 << 3;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  /** A key with its name in NATS. */
  private record NatsKey(KeyPair pair, int role) {
    static NatsKey make(int role) throws Exception {
      return new NatsKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), role);
    }

    String name() {
      byte[] encoded = pair.getPublic().getEncoded();
      return text(new byte[] {(byte) role}, Arrays.copyOfRange(encoded, 12, 44));
    }

    String seed() {
      byte[] prefix = {(byte) (SEED | role >> 5), (byte) ((role & 31) << 3)};
      return text(prefix, ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow());
    }

    private static String text(byte[] prefix, byte[] key) {
      byte[] all = Arrays.copyOf(prefix, prefix.length + key.length + 2);
      System.arraycopy(key, 0, all, prefix.length, key.length);
      int sum = 0;
      for (int i = 0; i < all.length - 2; i++) {
        sum ^= (all[i] & 0xff) << 8;
        for (int bit = 0; bit < 8; bit++) {
          sum = (sum & 0x8000) == 0 ? sum << 1 : sum << 1 ^ 0x1021;
        }
      }
      all[all.length - 2] = (byte) sum;
      all[all.length - 1] = (byte) (sum >> 8);
      return base32(all);
    }

    private static String base32(byte[] bytes) {
      StringBuilder text = new StringBuilder();
      for (int at = 0; at < bytes.length * 8; at += 5) {
        int digit = 0;
        for (int bit = at; bit < at + 5; bit++) {
          int value = bit / 8 < bytes.length ? bytes[bit / 8] >> (7 - bit % 8) & 1 : 0;
          digit = digit << 1 | value;
        }
        text.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(digit));
      }
      return text.toString();
    }

    /** Vouches for another. */
    String token(NatsKey subject, String name, String facts) throws Exception {
      String claims =
          "{\"jti\":\"%1$s\",\"iat\":1790000000,\"iss\":\"%2$s\",\"name\":\"%1$s\",\"sub\":\"%3$s\",\"nats\":{%4$s,\"version\":2}}"
              .formatted(name, name(), subject.name(), facts);
      String signed =
          base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(UTF_8))
              + "."
              + base64(claims.getBytes(UTF_8));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  private static String credentials(String token, String seed) {
    return """
    -----BEGIN NATS USER JWT-----
    %s
    ------END NATS USER JWT------

    ************************* IMPORTANT *************************
    NKEY Seed printed below can be used to sign and prove identity.

    -----BEGIN USER NKEY SEED-----
    %s
    ------END USER NKEY SEED------
    """
        .formatted(token, seed);
  }

  @Test
  public void userOfAnAccountConnectsAndAnotherKeyDoesNot() throws Exception {
    NatsKey operator = NatsKey.make(OPERATOR);
    NatsKey account = NatsKey.make(ACCOUNT);
    NatsKey user = NatsKey.make(USER);
    String limits =
        "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
            + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1}";
    String configuration =
        "operator: %s\nresolver: MEMORY\nresolver_preload: { %s: %s }\n"
            .formatted(
                operator.token(operator, "op", "\"type\":\"operator\""),
                account.name(),
                operator.token(account, "ac", "\"type\":\"account\"," + limits));
    String token =
        account.token(user, "us", "\"type\":\"user\",\"subs\":-1,\"data\":-1,\"payload\":-1");
    Path file = folder.newFile("user.creds").toPath();
    Files.writeString(file, credentials(token, NatsKey.make(USER).seed()));
    List<String> told = new CopyOnWriteArrayList<>();
    try (NatsServer server = NatsServer.with(configuration);
        NatsLink link = new NatsLink("creds", options(server, file), new Told(told))) {
      link.start();
      Await.until("refused", () -> told.toString().contains("Authorization Violation"));
      Files.writeString(file, "nothing");
      Await.until("told", () -> told.toString().contains("holds no JWT and seed of a user"));
      assertFalse(told.toString(), told.contains("up"));
      Files.writeString(file, credentials(token, user.seed()));
      Await.until("connected", () -> told.contains("up"));
      assertFalse(told.toString(), told.toString().contains(token.substring(0, 20)));
    }
  }

  private static NatsOptions options(NatsServer server, Path file) {
    return NatsOptions.to(NatsOptions.servers(server.url()))
        .credentialsFile(new NamedFile("credentialsFile", file.toString()))
        .build();
  }

  private record Told(List<String> told) implements NatsLink.Listener {
    @Override
    public void connected(Connection connection, String server) {
      told.add("up");
    }

    @Override
    public void disconnected(String why) {
      told.add("down");
    }

    @Override
    public void problem(String text) {
      told.add(text);
    }
  }

  @Test
  public void fileThatCannotBeUsedIsNamedAndNotShown() throws Exception {
    NamedFile missing = new NamedFile("credentialsFile", folder.getRoot() + "/none");
    String said = assertThrows(IOException.class, () -> UserCredentials.read(missing)).getMessage();
    assertEquals("credentialsFile '" + missing.path() + "': no such file", said);
    Path file = folder.newFile().toPath();
    String ofAccount = NatsKey.make(ACCOUNT).seed();
    for (String seed : List.of(ofAccount, "SU1", "SUAAAA")) {
      Files.writeString(file, credentials("a.b.c", seed));
      NamedFile named = new NamedFile("credentialsFile", file.toString());
      String refusal =
          assertThrows(IOException.class, () -> UserCredentials.read(named)).getMessage();
      assertTrue(refusal, refusal.endsWith("the seed is none of a user"));
      assertFalse(refusal, refusal.contains(seed));
    }
  }
}
