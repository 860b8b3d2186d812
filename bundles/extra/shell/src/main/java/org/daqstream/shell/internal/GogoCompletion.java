/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.daqstream.shell.api.ShellCommand;

/**
 * {@code daqstream:complete WORD...}: what could stand in place of the last word, a line each, for
 * the program that a person types commands into. The commands may come and go.
 */
record GogoCompletion(GogoCatalogue catalogue, Collection<ShellCommand> commands)
    implements Function {
  static final String NAME = "complete";
  static final String SUMMARY = "Tells consoles how the last of the words could go on.";

  @Override
  public Object execute(CommandSession session, List<Object> arguments) {
    List<String> words = arguments.stream().map(String::valueOf).toList();
    if (!words.isEmpty()) {
      String begun = words.get(words.size() - 1);
      candidates(words)
          .filter(candidate -> candidate.startsWith(begun))
          .distinct()
          .sorted()
          .forEach(System.out::println);
    }
    return null;
  }

  private Stream<String> candidates(List<String> words) {
    if (words.size() == 1 || words.get(0).equals(GogoHelp.NAME)) {
      return catalogue.entries().stream()
          .flatMap(entry -> Stream.of(entry.fullName(), entry.shortName()));
    }
    return commands.stream()
        .filter(command -> isNamed(command, words.get(0)))
        .flatMap(command -> command.complete(words.subList(1, words.size())).stream());
  }

  private static boolean isNamed(ShellCommand command, String name) {
    return name.equals(command.name()) || name.equals(command.scope() + ":" + command.name());
  }
}
