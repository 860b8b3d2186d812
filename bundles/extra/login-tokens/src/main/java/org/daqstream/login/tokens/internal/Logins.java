/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.login.tokens.internal;

import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.daqstream.base.support.ForeignText;
import org.daqstream.security.api.Identity;
import org.daqstream.security.api.TokenStore.Token;

/** What the file says; immutable. */
final class Logins {
  static final Logins NONE = new Logins(List.of(), Map.of(), Map.of());
  static final int NAME_CHARS = 100;
  static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final Pattern TOKEN =
      Pattern.compile(
          "token ([0-9a-f]{8}) (\\S{1,1000}) (\\S{1,40}) ([0-9a-f]{32}) ([0-9a-f]{64})(?: (.*))?");
  private static final Pattern CERTIFICATE =
      Pattern.compile("certificate (\\S{1,1000}) (.{1,1000})");

  private static final String NOBODYS_HASH = "0".repeat(64);

  private final List<String> lines;
  private final Map<String, Known> tokens;
  private final Map<String, Set<String>> rolesBySubject;

  private record Known(Token token, String salt, String hash) {}

  private Logins(
      List<String> lines, Map<String, Known> tokens, Map<String, Set<String>> rolesBySubject) {
    this.lines = List.copyOf(lines);
    this.tokens = tokens;
    this.rolesBySubject = rolesBySubject;
  }

  /**
   * Reads the lines of a file.
   *
   * @throws IllegalArgumentException with the number of the line that is wrong, and nothing of it
   */
  static Logins parse(List<String> lines) {
    Map<String, Known> tokens = new LinkedHashMap<>();
    Map<String, Set<String>> rolesBySubject = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = bare(lines.get(i));
      try {
        if (!line.isEmpty() && !line.startsWith("#")) {
          parse(line, tokens, rolesBySubject);
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new IllegalArgumentException("line " + (i + 1) + " is no proper one", e);
      }
    }
    return new Logins(lines, tokens, rolesBySubject);
  }

  /** A line without what editors put around it. */
  private static String bare(String line) {
    return line.strip().replaceFirst("^\uFEFF", "");
  }

  private static void parse(
      String line, Map<String, Known> tokens, Map<String, Set<String>> rolesBySubject) {
    Matcher token = TOKEN.matcher(line);
    Matcher certificate = CERTIFICATE.matcher(line);
    Object before;
    if (token.matches()) {
      String name = token.group(6) == null ? "" : token.group(6);
      Token known =
          new Token(token.group(1), roles(token.group(2)), name, Instant.parse(token.group(3)));
      before = tokens.put(known.id(), new Known(known, token.group(4), token.group(5)));
    } else if (certificate.matches()) {
      before = rolesBySubject.put(canonical(certificate.group(2)), roles(certificate.group(1)));
    } else {
      throw new IllegalArgumentException("neither token nor certificate");
    }
    if (before != null) {
      throw new IllegalArgumentException("twice");
    }
  }

  private static Set<String> roles(String text) {
    Set<String> roles = new LinkedHashSet<>(Arrays.asList(text.split(",", -1)));
    checkRoles(roles);
    return roles;
  }

  static void checkRoles(Set<String> roles) {
    if (roles.isEmpty() || !roles.stream().allMatch(role -> ROLE.matcher(role).matches())) {
      throw new IllegalArgumentException(
          "a role has a name of at most 64 letters, digits and . _ -");
    }
  }

  private static String canonical(String subject) {
    return new X500Principal(subject).getName(X500Principal.CANONICAL);
  }

  /** Who has a token. */
  Optional<Identity> find(Secret secret) {
    return find(secret.id(), secret::hash);
  }

  /**
   * Who has a token; the same is computed and compared for one that is not known, so that an answer
   * that comes sooner tells nothing.
   *
   * @param hash gives that of the secret for a salt
   */
  Optional<Identity> find(String id, UnaryOperator<byte[]> hash) {
    Known known = tokens.get(id);
    HexFormat hex = HexFormat.of();
    byte[] salt = known == null ? new byte[Secret.SALT_BYTES] : hex.parseHex(known.salt);
    byte[] right = hex.parseHex(known == null ? NOBODYS_HASH : known.hash);
    boolean isRight = MessageDigest.isEqual(right, hash.apply(salt));
    return isRight && known != null ? byReference(id) : Optional.empty();
  }

  /** Who has a certificate with this subject. */
  Optional<Identity> findSubject(String subject) {
    try {
      return byReference(canonical(subject));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Who was found before, by id or subject. */
  Optional<Identity> byReference(String reference) {
    Known known = tokens.get(reference);
    if (known != null) {
      Token token = known.token;
      String name = "token " + token.id() + (token.name().isEmpty() ? "" : " " + token.name());
      return Optional.of(new Identity(name, reference, token.roles()));
    }
    return Optional.ofNullable(rolesBySubject.get(reference))
        .map(roles -> new Identity(reference, reference, roles));
  }

  List<Token> tokens() {
    return tokens.values().stream().map(Known::token).toList();
  }

  /** The lines with one more. */
  List<String> with(Secret secret, Set<String> roles, String name, Instant created) {
    checkRoles(roles);
    if (name.length() > NAME_CHARS || !ForeignText.isPlain(name)) {
      throw new IllegalArgumentException(
          "a name has at most " + NAME_CHARS + " characters, on one line");
    }
    byte[] salt = Secret.randomBytes(Secret.SALT_BYTES);
    HexFormat hex = HexFormat.of();
    List<String> more = new ArrayList<>(lines);
    more.add(
        String.join(
                " ",
                "token",
                secret.id(),
                String.join(",", roles),
                created.toString(),
                hex.formatHex(salt),
                hex.formatHex(secret.hash(salt)),
                name)
            .strip());
    return more;
  }

  /** The lines without a token; the same ones if it is not there. */
  List<String> without(String id) {
    return lines.stream().filter(line -> !bare(line).startsWith("token " + id + " ")).toList();
  }

  boolean hasToken(String id) {
    return tokens.containsKey(id);
  }
}
