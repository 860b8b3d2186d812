/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.RuntimeFile;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;

/** {@code stream:deploy}. */
public final class DeployManifest extends Command {
  private static final String NAME = "--name";
  private static final String TEXT = "--text";
  private static final int LIMIT_BYTES = 16 << 20;
  private static final int TOLD_PROBLEMS = 5;

  private record Done(String source, Set<String> instances) {}

  private record Refused(String source, List<ManifestProblem> problems) {}

  private final Services services;

  public DeployManifest(Services services) {
    super(
        "stream:deploy",
        "Takes a deployment manifest, in place of the one of the same name that the shell deployed"
            + " before; a refused one changes nothing.",
        Syntax.of("[" + Syntax.FILE + "]")
            .option(TEXT, "JSON", "the manifest itself instead of a file")
            .option(NAME, "NAME", "the name; the file's without .json, or 'text'")
            .json());
    this.services = services;
  }

  @Override
  protected void execute(Call call) {
    final String file = call.word(0);
    if (file.isEmpty() != call.has(TEXT)) {
      throw new CommandException("give either a FILE or " + TEXT + " JSON");
    }
    final String manifest =
        file.isEmpty() ? call.value(TEXT) : new String(RuntimeFile.read(file, LIMIT_BYTES), UTF_8);
    final String name = file.isEmpty() ? "text" : fileName(file);
    final String source = Streams.SOURCE_PREFIX + (call.has(NAME) ? call.value(NAME) : name);
    final var register = services.streams();
    try {
      register.deploy(source, manifest);
    } catch (ManifestException e) {
      throw refused(source, e, call);
    }
    final Set<String> instances = register.sources().getOrDefault(source, Set.of());
    call.tell(
        new Done(source, instances), "deployed " + source + ": " + String.join(", ", instances));
  }

  /** All in the one line, for not every console shows what is printed beside it. */
  private static CommandException refused(String source, ManifestException e, Call call) {
    final List<ManifestProblem> problems = e.problems();
    if (call.json()) {
      call.out().println(Json.of(new Refused(source, problems)));
    }
    final int more = problems.size() - TOLD_PROBLEMS;
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
}
