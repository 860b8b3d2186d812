/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.config.support.Values;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.testing.FakeClient;
import org.junit.Test;

/** Who may connect. */
public class AdmissionTest {
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final Authenticator authenticator =
      new Authenticator() {
        @Override
        public Optional<Identity> authenticate(Credentials credentials) {
          String shown =
              credentials.token().isEmpty()
                  ? String.join("", credentials.certificateSubjects())
                  : credentials.token();
          return current(new Identity("somebody", shown, Set.of()));
        }

        @Override
        public Optional<Identity> current(Identity identity) {
          return known.contains(identity.reference())
              ? Optional.of(
                  new Identity("somebody", identity.reference(), roles(identity.reference())))
              : Optional.empty();
        }
      };

  private static Set<String> roles(String reference) {
    return new HashSet<>(List.of(reference.split("[ =]")));
  }

  private Admission admission(Object... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    Settings settings =
        Settings.of(Values.of(RemoteComponent.Config.class, properties), Path.of("home"));
    return new Admission(settings, List.of(authenticator));
  }

  @Test
  public void aTokenNeedsTheRoleOrThatOfTheInstance() {
    known.addAll(Set.of("module", "module.camera", "reader"));
    Admission admission = admission();
    assertTrue(admission.find("camera", "module", "").isPresent());
    assertTrue(admission.find("camera", "module.camera", "").isPresent());
    assertFalse(admission.find("collector", "module.camera", "").isPresent());
    assertFalse(admission.find("camera", "reader", "").isPresent());
    assertFalse(admission.find("camera", "wrong", "").isPresent());
    assertFalse(admission.find("camera", "", "").isPresent());
  }

  @Test
  public void aCertificateDoesAsWell() {
    known.add("CN=module.camera");
    assertTrue(admission().find("camera", "", "CN=module.camera").isPresent());
    assertFalse(admission("role", "worker").find("camera", "", "CN=module.camera").isPresent());
  }

  @Test
  public void whoIsTakenBackMayNotStay() {
    known.add("module");
    Admission admission = admission();
    Admission.Guest guest = admission.find("camera", "module", "").orElseThrow();
    assertTrue(admission.mayStay(guest, "camera"));
    known.clear();
    assertFalse(admission.mayStay(guest, "camera"));
    assertTrue(admission.mayStay(Admission.ownUser("me"), "camera"));
  }

  @Test
  public void instancesCanBeNamed() {
    Admission admission = admission("instances", new String[] {"camera-*", "collector"});
    assertFalse(admission.isClosed("camera-1"));
    assertFalse(admission.isClosed("collector"));
    assertTrue(admission.isClosed("camera"));
    assertTrue(admission().isClosed(""));
    assertFalse(admission().isClosed("a/b"));
  }

  @Test
  public void theSocketIsItsOwnersOnlyUnlessOthersMayCome() throws Exception {
    try (RemoteBench own = new RemoteBench(new NoRegister(new FakeClient()))) {
      assertEquals("rw-------", permissions(own.socket));
      assertEquals("rwx------", permissions(own.socket.getParent()));
    }
    try (RemoteBench open = new RemoteBench(new NoRegister(new FakeClient()), "others", "true")) {
      assertEquals("rw-rw-rw-", permissions(open.socket));
      assertEquals("rwx--x--x", permissions(open.socket.getParent()));
    }
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  public void aPlaceToConnectIsNeeded() {
    assertThrows(IllegalArgumentException.class, () -> admission("socket", ""));
    assertThrows(IllegalArgumentException.class, () -> admission("host", "127.0.0.1"));
  }
}
