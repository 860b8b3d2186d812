/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.logins;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.daqstream.security.api.TokenStore;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.StubServices;
import org.junit.Test;

public class TokenCommandsTest {
  private final StubServices services = new StubServices();

  /** Its secrets are their ids with an exclamation mark. */
  private static final class Store implements TokenStore {
    private final List<Token> tokens = new ArrayList<>();

    @Override
    public String create(Set<String> roles, String name) {
      if (roles.contains("")) {
        throw new IllegalArgumentException("a role has a name");
      }
      tokens.add(new Token("id" + tokens.size(), roles, name, Instant.EPOCH));
      return "id" + (tokens.size() - 1) + "!";
    }

    @Override
    public List<Token> tokens() {
      return tokens;
    }

    @Override
    public boolean revoke(String id) {
      return tokens.removeIf(token -> token.id().equals(id));
    }
  }

  private static String run(DeclaredCommand command, String... words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    command.run(List.of(words), print, print);
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  public void tokensAreMadeListedAndRevoked() throws Exception {
    services.tokenStore = new Store();
    assertEquals("id0!", run(TokenCommands.create(services), "--role", "b,a", "--name", "x y"));
    assertEquals(
        "{\"token\":\"id1!\"}", run(TokenCommands.create(services), "--role", "c", "--json"));
    String list = run(TokenCommands.list(services));
    assertTrue(list, list.contains("id0  a,b    1970-01-01T00:00:00Z  x y"));
    assertTrue("no secret", !list.contains("!"));
    assertEquals(List.of("id0", "id1"), TokenCommands.revoke(services).complete(List.of("")));
    assertEquals("revoked: id0", run(TokenCommands.revoke(services), "id0"));
    assertThrows(CommandException.class, () -> run(TokenCommands.revoke(services), "id0"));
  }

  @Test
  public void whatIsMissingIsSaid() {
    CommandException e =
        assertThrows(CommandException.class, () -> run(TokenCommands.list(services)));
    assertTrue(e.getMessage(), e.getMessage().contains("org.daqstream.login.tokens"));
    services.tokenStore = new Store();
    assertThrows(CommandException.class, () -> run(TokenCommands.create(services)));
    assertThrows(CommandException.class, () -> run(TokenCommands.create(services), "--role", ""));
  }

  @Test
  public void whoGivesTheWholeTokenIsUnderstoodAndItsSecretIsNotRepeated() throws Exception {
    services.tokenStore = new Store();
    run(TokenCommands.create(services), "--role", "reader");
    String why =
        assertThrows(
                CommandException.class,
                () -> run(TokenCommands.revoke(services), "dqs_none_secret_too"))
            .getMessage();
    assertEquals("there is no token 'none'; token:list lists them", why);
    assertEquals("revoked: id0", run(TokenCommands.revoke(services), "dqs_id0_secret_too"));
  }
}
