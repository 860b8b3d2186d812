/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.logins;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.daqstream.security.api.TokenStore;
import org.daqstream.security.api.TokenStore.Token;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code token:create}, {@code token:list} and {@code token:revoke}. */
public final class TokenCommands {
  private static final String ROLE = "--role";
  private static final String NAME = "--name";

  /** A whole token in place of its id: what is secret is told to nobody. */
  private static final Pattern WITH_SECRET = Pattern.compile("^dqs_([^_]*)_.*", Pattern.DOTALL);

  private static final Listing<Token> LISTING =
      new Listing<Token>()
          .column("ID", "id", Token::id)
          .column(
              "ROLES", "roles", token -> new TreeSet<>(token.roles()), all -> String.join(",", all))
          .column("CREATED", "created", token -> token.created().toString())
          .column("NAME", "name", Token::name);

  private TokenCommands() {}

  public static DeclaredCommand create(Services services) {
    return new DeclaredCommand(
        "token:create",
        "Makes a token by which a client logs in, and shows it: this once, for nobody else keeps"
            + " it.",
        Syntax.of()
            .option(ROLE, "ROLE", "what its holder may do; several with commas")
            .option(NAME, "NAME", "what it is for, in words")
            .json(),
        call -> create(services, call));
  }

  public static DeclaredCommand list(Services services) {
    return new DeclaredCommand(
        "token:list",
        "Lists the tokens, without their secrets.",
        Syntax.of().json(),
        call -> LISTING.print(call, services.tokens().tokens(), "there are none"));
  }

  public static DeclaredCommand revoke(Services services) {
    return new DeclaredCommand(
        "token:revoke",
        "Takes a token back: who is connected with it is disconnected at once.",
        Syntax.of("ID").first(() -> ids(services)).json(),
        call -> revoke(services, call));
  }

  private static List<String> ids(Services services) {
    return services.tokenStore().stream()
        .flatMap(store -> store.tokens().stream())
        .map(Token::id)
        .toList();
  }

  private static void create(Services services, Call call) throws IOException {
    TokenStore store = services.tokens();
    if (!call.has(ROLE)) {
      throw new CommandException(ROLE + " is missing: 'reader' may see and subscribe all signals");
    }
    Set<String> roles = new LinkedHashSet<>(Arrays.asList(call.value(ROLE).split(",", -1)));
    String token;
    try {
      token = store.create(roles, call.value(NAME));
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage());
    }
    call.tell(Map.of("token", token), token);
  }

  private static void revoke(Services services, Call call) throws IOException {
    String id = WITH_SECRET.matcher(call.word(0)).replaceFirst("$1");
    if (!services.tokens().revoke(id)) {
      throw new CommandException("there is no token '" + id + "'; token:list lists them");
    }
    call.tell(Map.of("revoked", id), "revoked: " + id);
  }
}
