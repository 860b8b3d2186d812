/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.daqstream.sample.support.Table;

/** {@code daqstream:help}: Gogo's own help knows methods only, and our commands are none. */
record GogoHelp(GogoCatalogue catalogue) implements Function {
  static final String NAME = "help";
  static final String SUMMARY = "Lists the commands, or tells more of one: help signal:list";

  private static final String GOGOS_HELP = "felix:help";

  @Override
  public Object execute(CommandSession session, List<Object> arguments) throws Exception {
    List<GogoCatalogue.Entry> entries =
        catalogue.entries().stream()
            .filter(entry -> !entry.fullName().equals(GogoHost.SCOPE + ":" + GogoCompletion.NAME))
            .toList();
    if (arguments.isEmpty()) {
      list(entries, System.out);
      return null;
    }
    String name = String.valueOf(arguments.get(0));
    List<GogoCatalogue.Entry> named =
        entries.stream().filter(entry -> entry.isNamed(name)).toList();
    if (named.isEmpty()) {
      throw CommandException.unknown(
          "no command", name, entries.stream().map(GogoCatalogue.Entry::fullName).toList());
    }
    for (GogoCatalogue.Entry entry : named) {
      tell(session, entry, entries);
    }
    return null;
  }

  private static void list(List<GogoCatalogue.Entry> entries, PrintStream out) {
    Table table = new Table("", "");
    entries.forEach(entry -> table.add(entry.fullName(), entry.summary()));
    table.print(out);
    out.println();
    out.println("'help COMMAND' tells more of one; its scope, the part before the colon, may be");
    out.println("left out where no other command has the name. '| grep TEXT' behind a command");
    out.println("shows the lines with the text.");
  }

  private static void tell(
      CommandSession session, GogoCatalogue.Entry entry, List<GogoCatalogue.Entry> entries)
      throws Exception {
    if (entry.ours() && !entry.shortName().equals(NAME)) {
      session.execute(entry.fullName() + " --help");
    } else if (!entry.ours() && entries.stream().anyMatch(each -> each.isNamed(GOGOS_HELP))) {
      System.out.print(session.execute(GOGOS_HELP + " " + entry.fullName())); // it returns a text
    } else {
      System.out.println(entry.fullName() + ": " + entry.summary());
    }
  }
}
