/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.config.support.Values;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamRegister;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is said of signals and of certificates. */
public class OtherChecksTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final List<SignalRegistry> registries = new ArrayList<>();
  private final List<StreamRegister> streams = new ArrayList<>();

  /** A service that answers one question and no other. */
  private static <T> T answering(Class<T> type, String question, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals(question)) {
                return answer;
              }
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private static void assertSays(HealthCheck check, Result.Status status, String... words) {
    Result result = check.execute();
    assertEquals(result.toString(), status, result.getStatus());
    for (String word : words) {
      assertTrue(result.toString(), result.toString().contains(word));
    }
  }

  private static SignalState signal(String id, String reason) {
    return new SignalState(
        SignalDescriptor.value(id, DataTypes.REAL64).build(),
        "time",
        1,
        reason.isEmpty(),
        reason,
        Map.of());
  }

  @Test
  public void signalsThatAreNotAvailableAreNamedWithTheReason() {
    List<SignalState> signals = new ArrayList<>(List.of(signal("v", "")));
    registries.add(answering(SignalRegistry.class, "signals", signals));
    SignalsCheck check = new SignalsCheck(registries);
    assertSays(check, Result.Status.OK, "1 of 1 signals are available");
    for (int i = 0; i < 25; i++) {
      signals.add(signal("w" + i, "no writer for data type x is installed"));
    }
    assertSays(
        check,
        Result.Status.WARN,
        "signal w19 is not available: no writer for data type x is installed",
        "5 more signals are not available",
        "1 of 26 signals are available");
  }

  @Test
  public void withoutARegistryOrAServerThatIsSaid() {
    assertSays(new SignalsCheck(registries), Result.Status.WARN, "there is no registry of signals");
    Settings settings = Settings.of(Values.of(Health.Config.class, Map.of()));
    assertSays(new LagCheck(List.of(), settings), Result.Status.OK, "no server listens");
    assertSays(
        new EventsCheck(List.of(), settings, new LastMinute(), () -> 0),
        Result.Status.OK,
        "no server listens");
  }

  private RecorderStatus recorder(RecorderState state, String reason, long lost) {
    return new RecorderStatus(
        state, reason, "parquet", "/rec", 1, 0, 0, 0, 0, 0, lost, 0, 0, List.of());
  }

  @Test
  public void recordersThatLeaveOutSamplesAreNamed() {
    RecorderStatus[] status = {recorder(RecorderState.RECORDING, "", 0)};
    Recorder line =
        new Recorder() {
          @Override
          public String name() {
            return "line";
          }

          @Override
          public RecorderStatus status() {
            return status[0];
          }

          @Override
          public void start() {}

          @Override
          public void stop() {}
        };
    long[] seconds = {1000};
    RecordersCheck check =
        new RecordersCheck(List.of(line), () -> TimeUnit.SECONDS.toNanos(seconds[0]));
    assertSays(check, Result.Status.OK, "recorder line: RECORDING");
    status[0] = recorder(RecorderState.RECORDING, "", 5);
    assertSays(check, Result.Status.WARN, "left out samples in the last minute, 5 by now");
    seconds[0] += 61;
    assertSays(check, Result.Status.OK, "recorder line: RECORDING");
    status[0] = recorder(RecorderState.RECORDING, "table 't': no", 5);
    assertSays(check, Result.Status.WARN, "recorder line: table 't': no");
    status[0] = recorder(RecorderState.DISK_FULL, "", 5);
    assertSays(check, Result.Status.CRITICAL, "recorder line leaves out samples: DISK_FULL");
    assertSays(new RecordersCheck(List.of(), () -> 0), Result.Status.OK, "there is no recorder");
  }

  private void deploy(Map<String, Object> parameters) {
    streams.clear();
    streams.add(
        answering(
            StreamRegister.class,
            "instances",
            Map.of(
                "camera",
                List.of(
                    new StreamDefinition("frames", "posix-tls", StreamDirection.IN, parameters)))));
  }

  /** A certificate that is valid for 100 days from now. */
  private Path certificate() throws Exception {
    Path store = folder.getRoot().toPath().resolve("store.p12");
    Path pem = folder.getRoot().toPath().resolve("camera.pem");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=camera",
                "-validity",
                "100",
                "-alias",
                "a",
                "-storepass",
                "secret",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
    Certificate certificate =
        KeyStore.getInstance(store.toFile(), "secret".toCharArray()).getCertificate("a");
    String base64 = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
    Files.writeString(
        pem, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    return pem;
  }

  private CertificateCheck inDays(int days) {
    return new CertificateCheck(
        streams,
        Settings.of(Values.of(Health.Config.class, Map.of())),
        Clock.fixed(Instant.now().plus(Duration.ofDays(days)), ZoneOffset.UTC));
  }

  @Test
  public void certificatesOfStreamsAreWatched() throws Exception {
    String file = certificate().toString();
    deploy(Map.of("certificateFile", file));
    String whose =
        "instance 'camera', stream 'frames', certificateFile %s: certificate of CN=camera"
            .formatted(file);
    assertSays(inDays(0), Result.Status.OK, whose + " is valid until ");
    assertSays(inDays(75), Result.Status.WARN, whose, "(key certificateWarnDays = 30)");
    assertSays(inDays(101), Result.Status.CRITICAL, whose + " expired on ");
    assertSays(inDays(-2), Result.Status.CRITICAL, whose + " is not valid before ");
    deploy(Map.of("trustFile", file));
    assertSays(inDays(101), Result.Status.CRITICAL, "trustFile " + file);
  }

  @Test
  public void aFileThatCannotBeReadIsNamed() throws Exception {
    Path file = folder.newFile().toPath();
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
    deploy(Map.of("certificateFile", file.toString()));
    assertSays(inDays(0), Result.Status.CRITICAL, "certificateFile " + file + " cannot be read: ");
    Files.writeString(file, "");
    assertSays(inDays(0), Result.Status.CRITICAL, file + " holds no certificate");
    deploy(Map.of("certificateFile", "/no/such/file"));
    assertSays(inDays(0), Result.Status.CRITICAL, "/no/such/file cannot be read: ");
  }

  @Test
  public void withoutCertificatesAllIsWell() {
    deploy(Map.of("port", "0"));
    assertSays(inDays(0), Result.Status.OK, "no deployed stream has a certificate");
  }
}
