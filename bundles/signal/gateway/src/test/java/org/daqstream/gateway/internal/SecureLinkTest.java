/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Identity;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.daqstream.testing.Certificates;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A gateway and a real server that speaks TLS, or wants a login. */
public final class SecureLinkTest {
  private static final Certificates CERTIFICATES = Certificates.instance();
  private static final String SECRET = "dqs_01234567_secret";

  private final TestRuntime here = new TestRuntime();
  private final List<TestRuntime> devices = new ArrayList<>();

  @Before
  public void clear() {
    LogLines.clear();
  }

  @After
  public void close() {
    here.close();
    devices.forEach(TestRuntime::close);
    Await.noThread("daqstream-gateway");
  }

  private TestRuntime device(Object... keysAndValues) {
    TestRuntime device = new TestRuntime(keysAndValues);
    devices.add(device);
    device
        .registry()
        .open(
            SignalDescriptor.linearTime("x/time", 1000),
            SignalDescriptor.value("x/v", DataTypes.REAL64).build());
    return device;
  }

  private TestRuntime tlsDevice(String name) {
    return device(
        "tls.certificate",
        CERTIFICATES.file(name + ".crt"),
        "tls.key",
        CERTIFICATES.file(name + ".key"));
  }

  private static String tls(TestRuntime device) {
    return "daq.lts://127.0.0.1:" + device.port();
  }

  private static String pin(String name) throws Exception {
    byte[] key = CERTIFICATES.certificate(name + ".crt").getPublicKey().getEncoded();
    return "sha256/"
        + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
  }

  private void expectSaid(String name, String sentence) {
    Await.until(sentence, () -> !LogLines.with(name + ": no connection").isEmpty());
    List<String> said = LogLines.with(name + ": no connection");
    assertEquals(said.toString(), 1, said.size());
    assertTrue(said.toString(), said.get(0).contains(sentence));
  }

  @Test
  public void signalsComeThroughTlsOfWhomItTrusts() throws Exception {
    TestRuntime device = tlsDevice("server");
    here.importFrom(device, "ca", "address", tls(device), "tls.ca", CERTIFICATES.file("ca.crt"));
    here.importFrom(device, "pin", "address", tls(device), "tls.pins", pin("server"));
    here.awaitSignals("ca/x/v", "pin/x/v");
    assertEquals(List.of(), LogLines.with("no connection"));
  }

  @Test
  public void whomItDoesNotTrustIsSaidInOneSentence() throws Exception {
    String ca = CERTIFICATES.file("ca.crt");
    TestRuntime elsewhere = tlsDevice("elsewhere");
    here.importFrom(elsewhere, "name", "address", tls(elsewhere), "tls.ca", ca);
    expectSaid("name", "the certificate of CN=elsewhere is for device.example, not for 127.0.0.1");
    TestRuntime stranger = tlsDevice("stranger");
    here.importFrom(stranger, "strange", "address", tls(stranger), "tls.ca", ca);
    expectSaid(
        "strange", "the certificate of CN=stranger is signed by itself, which is not trusted");
    here.importFrom(stranger, "pin", "address", tls(stranger), "tls.pins", pin("server"));
    expectSaid("pin", "the certificate of CN=stranger has another key than the pinned one");
    assertEquals(List.of(), here.ids());
  }

  @Test
  public void aServerThatWantsACertificateGetsThatOfTheGateway() {
    TestRuntime device =
        device(
            "tls.certificate",
            CERTIFICATES.file("server.crt"),
            "tls.key",
            CERTIFICATES.file("server.key"),
            "tls.clientCertificates",
            "need",
            "tls.trust",
            CERTIFICATES.file("ca.crt"));
    String ca = CERTIFICATES.file("ca.crt");
    here.importFrom(device, "without", "address", tls(device), "tls.ca", ca);
    expectSaid("without", "it may want a certificate of this side");
    here.importFrom(
        device,
        "with",
        "address",
        tls(device),
        "tls.ca",
        ca,
        "tls.certificate",
        CERTIFICATES.file("client.crt"),
        "tls.key",
        CERTIFICATES.file("client.key"));
    here.awaitSignals("with/x/v");
    assertFalse(here.ids().contains("without/x/v"));
  }

  @Test
  public void whatCannotBeUsedForTlsIsRefusedByItsKey() {
    String key = CERTIFICATES.file("client.key");
    String certificate = CERTIFICATES.file("client.crt");
    refused("tls.ca", "/no.pem", "cannot be used: no such file");
    refused("tls.pins", "zz", "must be sha256/ and the Base64 of 32 bytes");
    refused("tls.certificate", certificate, "goes with key tls.key");
    refused("tls.key", key, "goes with key tls.certificate");
    refused("tls.key", "/no.key", "cannot be used: no such file", "tls.certificate", certificate);
  }

  private static void refused(String key, String value, String why, Object... others) {
    Map<String, Object> all =
        Configs.with(Map.of("address", "daq.lts://device", key, value), others);
    assertEquals(
        "key " + key + " = '" + value + "' " + why,
        assertThrows(
                RefusedException.class,
                () -> Settings.of(Values.of(GatewayConfig.class, all), "device"))
            .getMessage());
  }

  @Test
  public void itLogsInByItsTokenWhichNobodyIsTold() {
    TestRuntime device = device("login", "needed");
    Authenticator one =
        shown ->
            shown.token().equals(SECRET)
                ? Optional.of(new Identity("gateway", "1", Set.of("reader")))
                : Optional.empty();
    device.addAuthenticator(one);
    here.importFrom(device, "without");
    expectSaid("without", "the server wants a login, or does not know this one");
    here.importFrom(device, "with", "token", SECRET);
    here.awaitSignals("with/x/v");
    here.importFrom(device, "with", "token", "other_" + SECRET);
    expectSaid("with", "the server wants a login, or does not know this one");
    assertEquals(List.of(), LogLines.with(SECRET));
  }

  @Test
  public void aTokenThatCannotBeSentIsRefusedWithoutIt() {
    TestRuntime device = device();
    here.importFrom(device, "a", "token", "two words");
    here.importFrom(device, "b", "token", SECRET, "address", "", "device", "rig");
    here.importFrom(device, "c", "token", "$[secret:device]");
    assertEquals(1, LogLines.with("key token = '…' cannot be sent: a token has letters").size());
    assertEquals(1, LogLines.with("key token = '…' goes with 'address'").size());
    assertEquals(1, LogLines.with("key token = '$[secret:device]' is not there").size());
    assertEquals(List.of(), LogLines.with("words"));
    assertEquals(List.of(), LogLines.with(SECRET));
  }
}
