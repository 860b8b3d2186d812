/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.daqstream.sample.support.Json;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.RuntimeFile;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamRegister;

/** {@code stream:deploy}, {@code stream:undeploy} and {@code stream:manifests}. */
public final class ManifestCommands {
  /** What the shell deploys has a source that begins so. */
  private static final String SOURCE_PREFIX = "shell:";

  private static final String NAME = "--name";
  private static final String TEXT = "--text";
  private static final int LIMIT_BYTES = 16 << 20;
  private static final int TOLD_PROBLEMS = 5;

  private record Done(String source, Set<String> instances) {}

  private record Refused(String source, List<ManifestProblem> problems) {}

  private static final Listing<Map.Entry<String, Set<String>>> LISTING =
      new Listing<Map.Entry<String, Set<String>>>()
          .column("SOURCE", "source", Map.Entry::getKey)
          .column("INSTANCES", "instances", Map.Entry::getValue, names -> String.join(", ", names));

  private ManifestCommands() {}

  public static DeclaredCommand deploy(Services services) {
    return new DeclaredCommand(
        "stream:deploy",
        "Takes a deployment manifest, in place of the one of the same name that the shell deployed"
            + " before; a refused one changes nothing.",
        Syntax.of("[" + Syntax.FILE + "]")
            .option(TEXT, "JSON", "the manifest itself instead of a file")
            .option(NAME, "NAME", "the name; the file's without .json, or 'text'")
            .json(),
        call -> deploy(services, call));
  }

  public static DeclaredCommand undeploy(Services services) {
    return new DeclaredCommand(
        "stream:undeploy",
        "Takes back a manifest that stream:deploy deployed; its open streams end.",
        Syntax.of("NAME").first(() -> names(services)).json(),
        call -> undeploy(services, call));
  }

  public static DeclaredCommand list(Services services) {
    return new DeclaredCommand(
        "stream:manifests",
        "Lists who deployed which instances; what stream:deploy deployed begins with 'shell:'.",
        Syntax.of().json(),
        call -> {
          var sources = List.copyOf(services.streams().sources().entrySet());
          LISTING.print(call, sources, "nothing is deployed");
        });
  }

  private static void deploy(Services services, Call call) {
    String file = call.word(0);
    if (file.isEmpty() != call.has(TEXT)) {
      throw new CommandException("give either a FILE or " + TEXT + " JSON");
    }
    String manifest =
        file.isEmpty() ? call.value(TEXT) : new String(RuntimeFile.read(file, LIMIT_BYTES), UTF_8);
    String name = file.isEmpty() ? "text" : fileName(file);
    String source = SOURCE_PREFIX + (call.has(NAME) ? call.value(NAME) : name);
    var register = services.streams();
    try {
      register.deploy(source, manifest);
    } catch (ManifestException e) {
      throw refused(source, e, call);
    }
    tell(call, "deployed", source, register.sources().getOrDefault(source, Set.of()));
  }

  /** All in the one line, for not every console shows what is printed beside it. */
  private static CommandException refused(String source, ManifestException e, Call call) {
    List<ManifestProblem> problems = e.problems();
    if (call.json()) {
      call.out().println(Json.of(new Refused(source, problems)));
    }
    int more = problems.size() - TOLD_PROBLEMS;
    return new CommandException(
        problems.stream()
            .limit(TOLD_PROBLEMS)
            .map(ManifestProblem::toString)
            .collect(
                Collectors.joining(
                    "; ",
                    "manifest '" + source + "' refused, nothing is changed: ",
                    more > 0 ? "; and " + more + " more, --json tells all" : "")),
        e);
  }

  private static String fileName(String file) {
    return String.valueOf(Path.of(file).getFileName()).replaceAll("\\.json$", "");
  }

  private static void undeploy(Services services, Call call) {
    String word = call.word(0);
    String name = word.startsWith(SOURCE_PREFIX) ? word.substring(SOURCE_PREFIX.length()) : word;
    String source = SOURCE_PREFIX + name;
    StreamRegister register = services.streams();
    Set<String> instances = register.sources().get(source);
    if (instances == null && register.sources().containsKey(word)) {
      throw new CommandException(
          "'" + word + "' was not deployed by the shell: change it where it comes from");
    }
    if (instances == null) {
      throw CommandException.unknown("the shell deployed no", name, names(services));
    }
    register.undeploy(source);
    tell(call, "undeployed", source, instances);
  }

  private static void tell(Call call, String done, String source, Set<String> instances) {
    call.tell(
        new Done(source, instances), done + " " + source + ": " + String.join(", ", instances));
  }

  /** Those that the shell deployed. */
  private static List<String> names(Services services) {
    return services.streamRegister().stream()
        .flatMap(register -> register.sources().keySet().stream())
        .filter(source -> source.startsWith(SOURCE_PREFIX))
        .map(source -> source.substring(SOURCE_PREFIX.length()))
        .toList();
  }
}
