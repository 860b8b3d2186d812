/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A key and a certificate that it has signed itself. Java has no interface to make one; its {@code
 * keytool} does, which is a part of {@code java.base} and so of every runtime that nobody has
 * stripped.
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {
  private static final String ALIAS = "server";
  private static final String PASSWORD_VARIABLE = "DAQSTREAM_STORE_PASSWORD";
  private static final int PASSWORD_BYTES = 24;
  private static final long LIMIT_S = 60;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  /** Makes one for names and addresses. */
  static SelfSigned make(Set<String> hosts, int days) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("daqstream-tls-"); // for its owner only
    Path store = folder.resolve("store.p12");
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    try {
      keytool(store, password, hosts, days);
      KeyStore made = KeyStore.getInstance(store.toFile(), password.toCharArray());
      return new SelfSigned(
          (PrivateKey) made.getKey(ALIAS, password.toCharArray()),
          (X509Certificate) made.getCertificate(ALIAS));
    } catch (GeneralSecurityException e) {
      throw new CliException(Daqstream.FAILED, "no certificate was made: " + e.getMessage());
    } finally {
      Files.deleteIfExists(store);
      Files.delete(folder);
    }
  }

  private static void keytool(Path store, String password, Set<String> hosts, int days)
      throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
    if (!Files.isExecutable(program)) {
      throw new CliException(
          Daqstream.FAILED,
          "this Java has no "
              + program
              + "; 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "
              + days
              + " -subj /CN=HOST -addext subjectAltName=DNS:HOST,IP:ADDRESS -keyout server.key -out"
              + " server.crt' does the same");
    }
    String names =
        hosts.stream()
            .map(each -> (ADDRESS.matcher(each).matches() ? "ip:" : "dns:") + each)
            .collect(Collectors.joining(","));
    List<String> command = new ArrayList<>(List.of(program.toString(), "-genkeypair"));
    command.addAll(List.of("-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(
        List.of("-dname", "CN=" + hosts.iterator().next(), "-validity", String.valueOf(days)));
    command.addAll(List.of("-ext", "san=" + names, "-ext", "bc:critical=ca:false"));
    command.addAll(List.of("-ext", "ku:critical=digitalSignature", "-ext", "eku=sa,ca"));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass:env", PASSWORD_VARIABLE));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD_VARIABLE, password);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new CliException(Daqstream.FAILED, "keytool failed: " + said);
    }
  }

  /** Until when it is valid. */
  Instant end() {
    return certificate.getNotAfter().toInstant();
  }

  /** The pin of its key, as {@code --pin} takes it. */
  String pin() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(certificate.getPublicKey().getEncoded());
      return "sha256/" + Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has it", e);
    }
  }

  /** Writes both as PEM; files that are there only when told to. */
  void write(Path certificateFile, Path keyFile, boolean replaces) throws IOException {
    for (Path each : List.of(keyFile, certificateFile)) {
      if (Files.exists(each) && !replaces) {
        throw new CliException(
            Daqstream.FAILED, each + " is there already; --force replaces it with another key");
      }
    }
    try {
      Files.createDirectories(keyFile.getParent());
      put(keyFile, "rw-------", "PRIVATE KEY", key.getEncoded());
      put(certificateFile, "rw-r--r--", "CERTIFICATE", certificate.getEncoded());
    } catch (FileAlreadyExistsException e) {
      throw new CliException(Daqstream.FAILED, e.getMessage() + " is in the way");
    } catch (IOException e) {
      throw new CliException(Daqstream.FAILED, "cannot write: " + e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("what was made a moment ago cannot be read", e);
    }
  }

  /** As a fresh file that takes the place of the other, so that nobody ever reads half of it. */
  private static void put(Path file, String rights, String what, byte[] bytes) throws IOException {
    boolean hasRights = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        hasRights
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
            }
            : new FileAttribute<?>[0];
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    String text =
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes))) {
      out.write(text.getBytes(US_ASCII));
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
