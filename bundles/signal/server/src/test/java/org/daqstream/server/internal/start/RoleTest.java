/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.access.Roles;
import org.daqstream.testing.Configs;
import org.daqstream.testing.LogLines;
import org.junit.Test;

public class RoleTest {
  private static final Map<String, Object> PID = Map.of("service.pid", Role.PID + "~guest");

  private static Rights rights(Object... keysAndValues) {
    return new Role(Configs.with(PID, keysAndValues)).rights();
  }

  @Test
  public void aRoleMayWhatItsFileSaysAndNothingElse() {
    assertEquals("guest", new Role(PID).name());
    Rights nothing = rights();
    assertFalse(nothing.sees("a") || nothing.subscribes("a") || nothing.publishes("a"));
    assertFalse(nothing.publishesAny() || nothing.reads("metrics"));
    Rights some =
        rights("see", "a/*, b/**, c?", "subscribe", "**", "publish", "p/**", "pages", "metrics");
    assertTrue(some.sees("a/x") && some.subscribes("a/x") && some.sees("b/x/y") && some.sees("cc"));
    assertFalse(some.sees("a/x/y") || some.sees("a") || some.sees("c/") || some.sees("xa/x"));
    assertTrue(some.publishes("p/x/y") && !some.publishes("a/x") && !some.sees("p/x"));
    assertTrue(some.reads("metrics") && !some.reads("health"));
    assertTrue(rights("see", "**", "subscribe", "a").sees("b"));
    assertFalse(rights("see", "**", "subscribe", "a").subscribes("b"));
    assertFalse("not what it does not see", rights("see", "a", "subscribe", "**").subscribes("b"));
    assertTrue("text as it is", rights("see", "a.[b]\\E+", "subscribe", "**").sees("a.[b]\\E+"));
    assertFalse(rights("see", "a.b", "subscribe", "**").sees("axb"));
    assertTrue(rights("see", "**", "subscribe", "**").sees("with\nline"));
  }

  @Test
  public void aFileThatChangesIsTold() {
    Role role = new Role(Configs.with(PID, "see", "a", "subscribe", "**"));
    AtomicInteger told = new AtomicInteger();
    role.whenChanged(told::incrementAndGet);
    role.modified(Configs.with(PID, "see", "b", "subscribe", "**"));
    assertEquals(1, told.get());
    assertTrue(role.rights().sees("b") && !role.rights().sees("a"));
  }

  @Test
  public void aFileThatIsCutBehindWhatItSeesIsRefused() {
    LogLines.clear();
    assertEquals(Rights.NONE, rights("see", "**"));
    assertEquals(
        List.of(
            "ERROR org.daqstream.role~guest: key subscribe is missing in the configuration, '**' is"
                + " for all that the role sees; the role may nothing"),
        LogLines.all());
    Role role = new Role(Configs.with(PID, "see", "a", "subscribe", ""));
    role.modified(Configs.with(PID, "see", "**"));
    assertTrue(role.rights().sees("a") && !role.rights().sees("b"));
  }

  @Test
  public void anUnknownKeyIsSaid() {
    LogLines.clear();
    rights("sees", "**");
    assertEquals(1, LogLines.with("key 'sees' is not known").size());
  }

  @Test
  public void severalRolesAddUp() {
    Roles roles = new Roles();
    assertTrue(roles.rightsOf(Set.of("reader")).subscribes("x"));
    assertFalse(roles.rightsOf(Set.of("reader")).publishesAny());
    assertEquals(Rights.ALL, roles.rightsOf(Set.of("everything")));
    assertEquals(Rights.NONE, roles.rightsOf(Set.of("nobody")));
    assertEquals(Set.of("nobody"), roles.unknown(Set.of("nobody", "reader")));
    roles.set("a", rights("see", "a", "subscribe", "**"));
    roles.set("b", rights("see", "b", "subscribe", "**", "publish", "b"));
    Rights both = roles.rightsOf(Set.of("a", "b", "nobody"));
    assertTrue(both.sees("a") && both.sees("b") && both.publishes("b") && !both.sees("c"));
    roles.set("a", null);
    assertFalse(roles.rightsOf(Set.of("a", "b", "nobody")).sees("a"));
    roles.set("reader", rights("see", "a", "subscribe", "**"));
    assertFalse(roles.rightsOf(Set.of("reader")).sees("b"));
  }

  @Test
  public void whatARoleSubscribesIsOfWhatItSees() {
    Roles roles = new Roles();
    roles.set("looks", rights("see", "secret/**, c", "subscribe", "c"));
    roles.set("reads", rights("see", "a/**", "subscribe", "**"));
    roles.set("more", rights("see", "b", "subscribe", "secret/**, b"));
    Rights all = roles.rightsOf(Set.of("looks", "reads", "more"));
    assertTrue(all.sees("secret/x") && all.sees("a/x") && all.sees("b"));
    assertTrue(all.subscribes("a/x") && all.subscribes("b") && all.subscribes("c"));
    assertFalse("no role may", all.subscribes("secret/x"));
  }

  @Test
  public void aRoleWhoseFileIsGoneIsNotTheOneThatIsThereWithout() {
    LogLines.clear();
    Roles roles = new Roles();
    for (String each : List.of("reader", "everything")) {
      roles.set(each, rights("see", "a", "subscribe", "**"));
      roles.set(each, null);
      assertEquals(each, Rights.NONE, roles.rightsOf(Set.of(each)));
      assertEquals(1, LogLines.with("role '" + each + "' may nothing until").size());
      roles.set(each, rights("see", "b", "subscribe", "**"));
      assertTrue(each, roles.rightsOf(Set.of(each)).sees("b"));
    }
  }
}
