/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which words and options a command takes. Built once for each command. */
public final class Syntax {
  /** Option: answer with one JSON document. */
  public static final String JSON = "--json";

  /** A word, or the value of an option, that is the path of a file. */
  public static final String FILE = "FILE";

  private static final String HELP = "--help";

  /** Behind it every word is taken as it is. */
  private static final String END_OF_OPTIONS = "--";

  /** {@code value} is empty for an option without one. */
  private record Option(String value, String meaning) {}

  private final List<String> words;
  private final Map<String, Option> options = new LinkedHashMap<>();

  private Syntax(List<String> words) {
    this.words = words;
  }

  /**
   * Begins a syntax.
   *
   * @param words names of what stands there: {@code WORD}, {@code [WORD]} for one that may be left
   *     out, {@code WORD...} for one or more, {@code [WORD...]} for any number
   */
  public static Syntax of(String... words) {
    return new Syntax(List.of(words));
  }

  /** Adds an option with a value, named for the help. */
  public Syntax option(String name, String value, String meaning) {
    options.put(name, new Option(value, meaning));
    return this;
  }

  /** Adds an option without a value. */
  public Syntax flag(String name, String meaning) {
    return option(name, "", meaning);
  }

  /** Adds {@link #JSON}. */
  public Syntax json() {
    return flag(JSON, "one JSON document instead of a table");
  }

  boolean isOption(String word) {
    return options.containsKey(word) || word.equals(HELP);
  }

  boolean takesValue(String option) {
    return options.containsKey(option) && !options.get(option).value().isEmpty();
  }

  boolean isFile(String option) {
    return options.get(option).value().equals(FILE);
  }

  boolean isFile(int word) {
    return word < words.size() && words.get(word).replaceAll("[\\[\\]]", "").equals(FILE);
  }

  List<String> optionNames() {
    final List<String> names = new ArrayList<>(options.keySet());
    names.add(HELP);
    return names;
  }

  boolean asksForHelp(List<String> arguments) {
    final int end = arguments.indexOf(END_OF_OPTIONS);
    return arguments.subList(0, end < 0 ? arguments.size() : end).contains(HELP);
  }

  String help(String command, String summary) {
    final StringBuilder text = new StringBuilder("usage: ").append(usage(command)).append('\n');
    text.append(summary).append("\n\n");
    final int width =
        options.entrySet().stream()
            .mapToInt(option -> heading(option).length())
            .reduce(HELP.length(), Math::max);
    options
        .entrySet()
        .forEach(option -> addLine(text, width, heading(option), option.getValue().meaning()));
    addLine(text, width, HELP, "this text");
    return text.toString();
  }

  private static void addLine(StringBuilder text, int width, String heading, String meaning) {
    text.append("  ").append(heading).append(" ".repeat(width - heading.length() + 2));
    text.append(meaning).append('\n');
  }

  private String usage(String command) {
    final StringBuilder usage = new StringBuilder(command);
    words.forEach(word -> usage.append(' ').append(word));
    options.entrySet().forEach(option -> usage.append(" [").append(heading(option)).append(']'));
    return usage.toString();
  }

  private static String heading(Map.Entry<String, Option> option) {
    return (option.getKey() + " " + option.getValue().value()).strip();
  }

  Arguments parse(String command, List<String> arguments) throws CommandException {
    final List<String> found = new ArrayList<>();
    final Map<String, String> values = new LinkedHashMap<>();
    boolean onlyWords = false;
    for (int i = 0; i < arguments.size(); i++) {
      final String argument = arguments.get(i);
      if (onlyWords || !argument.startsWith("-") || argument.equals("-")) {
        found.add(argument);
      } else if (argument.equals(END_OF_OPTIONS)) {
        onlyWords = true;
      } else {
        final Option option = options.get(argument);
        if (option == null) {
          throw new CommandException("unknown option '" + argument + "'; usage: " + usage(command));
        }
        if (!option.value().isEmpty() && ++i == arguments.size()) {
          throw new CommandException(argument + " needs a value: " + heading(argument, option));
        }
        values.put(argument, arguments.get(i));
      }
    }
    checkCount(command, found.size());
    return new Arguments(found, values);
  }

  private static String heading(String name, Option option) {
    return name + " " + option.value() + ", " + option.meaning();
  }

  private void checkCount(String command, int count) throws CommandException {
    final long least = words.stream().filter(word -> !word.startsWith("[")).count();
    final boolean anyNumber = words.stream().anyMatch(word -> word.contains("..."));
    if (count < least) {
      throw new CommandException(words.get(count) + " is missing; usage: " + usage(command));
    }
    if (count > words.size() && !anyNumber) {
      throw new CommandException("too many words; usage: " + usage(command));
    }
  }
}
