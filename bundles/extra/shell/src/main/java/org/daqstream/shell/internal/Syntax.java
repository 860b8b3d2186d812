/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which words and options a command takes. Built once for each command. */
public final class Syntax {
  /** Option: answer with one JSON document. */
  public static final String JSON = "--json";

  /** A word, or the value of an option, that is the path of a file. */
  public static final String FILE = "FILE";

  private static final String HELP = "--help";

  /** Behind it every word is taken as it is. */
  private static final String END_OF_OPTIONS = "--";

  /** A distance backwards, and no option. */
  private static final Pattern NEGATIVE = Pattern.compile("-\\d.*");

  /** {@code value} is empty for an option without one. */
  private record Option(String value, String meaning) {}

  private final List<String> words;
  private final Map<String, Option> options = new LinkedHashMap<>();
  private Function<List<String>, List<String>> candidates = before -> List.of();

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

  public Syntax flag(String name, String meaning) {
    return option(name, "", meaning);
  }

  public Syntax json() {
    return flag(JSON, "one JSON document instead of a table");
  }

  /** Tells what the first word could be. */
  public Syntax first(Supplier<List<String>> candidates) {
    return next(before -> before.isEmpty() ? candidates.get() : List.of());
  }

  /** Tells what the next word could be, by the words before it without options. */
  public Syntax next(Function<List<String>, List<String>> candidates) {
    this.candidates = candidates;
    return this;
  }

  List<String> complete(List<String> arguments) {
    String last = arguments.get(arguments.size() - 1);
    List<String> before = new ArrayList<>();
    String value = ""; // of the option before the word
    for (String word : arguments.subList(0, arguments.size() - 1)) {
      if (!value.isEmpty()) {
        value = "";
      } else if (options.containsKey(word)) {
        value = options.get(word).value();
      } else if (!word.equals(HELP)) {
        before.add(word);
      }
    }
    if (!value.isEmpty()) {
      return value.equals(FILE) ? RuntimeFile.complete(last) : List.of();
    }
    if (last.startsWith("-")) {
      return Stream.concat(options.keySet().stream(), Stream.of(HELP)).toList();
    }
    return isFile(before.size()) ? RuntimeFile.complete(last) : candidates.apply(before);
  }

  private boolean isFile(int word) {
    return word < words.size() && words.get(word).replaceAll("[\\[\\]]", "").equals(FILE);
  }

  boolean asksForHelp(List<String> arguments) {
    int end = arguments.indexOf(END_OF_OPTIONS);
    return arguments.subList(0, end < 0 ? arguments.size() : end).contains(HELP);
  }

  String help(String command, String summary) {
    Map<String, String> lines = new LinkedHashMap<>();
    options.forEach((name, option) -> lines.put(heading(name, option), option.meaning()));
    lines.put(HELP, "this text");
    int width = lines.keySet().stream().mapToInt(String::length).max().orElseThrow();
    StringBuilder text = new StringBuilder("usage: ").append(usage(command));
    text.append('\n').append(summary).append("\n\n");
    lines.forEach(
        (heading, meaning) ->
            text.append("  ")
                .append(heading)
                .append(" ".repeat(width - heading.length() + 2))
                .append(meaning)
                .append('\n'));
    return text.toString();
  }

  private String usage(String command) {
    StringBuilder usage = new StringBuilder(command);
    words.forEach(word -> usage.append(' ').append(word));
    options.forEach((name, option) -> usage.append(" [").append(heading(name, option)).append(']'));
    return usage.toString();
  }

  private static String heading(String name, Option option) {
    return (name + " " + option.value()).strip();
  }

  Call parse(String command, List<String> arguments, PrintStream out, PrintStream err) {
    List<String> found = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    boolean onlyWords = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (onlyWords || !isOption(argument)) {
        found.add(argument);
      } else if (argument.equals(END_OF_OPTIONS)) {
        onlyWords = true;
      } else {
        Option option = options.get(argument);
        if (option == null) {
          throw new CommandException("unknown option '" + argument + "'; usage: " + usage(command));
        }
        if (!option.value().isEmpty() && ++i == arguments.size()) {
          throw new CommandException(
              "%s needs a value: %s, %s"
                  .formatted(argument, heading(argument, option), option.meaning()));
        }
        values.put(argument, arguments.get(i));
      }
    }
    checkCount(command, found.size());
    return new Call(found, values, out, err);
  }

  private static boolean isOption(String argument) {
    return argument.startsWith("-")
        && !argument.equals("-")
        && !NEGATIVE.matcher(argument).matches();
  }

  private void checkCount(String command, int count) {
    long least = words.stream().filter(word -> !word.startsWith("[")).count();
    boolean anyNumber = words.stream().anyMatch(word -> word.contains("..."));
    if (count < least) {
      throw new CommandException(words.get(count) + " is missing; usage: " + usage(command));
    }
    if (count > words.size() && !anyNumber) {
      throw new CommandException("too many words; usage: " + usage(command));
    }
  }
}
