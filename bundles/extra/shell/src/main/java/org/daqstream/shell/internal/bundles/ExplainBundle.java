/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.osgi.framework.Bundle;

/** {@code daqstream:why}. */
public final class ExplainBundle {
  /** The bundle is {@code null} for a file that is none. */
  private record Row(Bundle bundle, Finding finding) {
    Object of(Function<Bundle, ?> fact) {
      return bundle == null ? null : fact.apply(bundle);
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column(">NUMBER", "bundleId", row -> row.of(Bundle::getBundleId))
          .column("BUNDLE", "bundle", row -> row.of(Diagnosis::name))
          .column("STATE", "state", row -> row.of(Diagnosis::state))
          .column("PROBLEM", "problem", row -> row.finding().problem())
          .column("WHAT", "what", row -> row.finding().what())
          .column("WHY", "why", row -> row.finding().why());

  private ExplainBundle() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "daqstream:why",
        "Tells why a bundle is not live; BUNDLE is its number, symbolic name or file. Without it"
            + " all that are not.",
        Syntax.of("[BUNDLE]").first(() -> names(services)).json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) {
    Diagnosis diagnosis = new Diagnosis(services);
    String word = call.word(0);
    List<Row> rows =
        word.isEmpty()
            ? services.bundles().stream()
                .flatMap(bundle -> rows(diagnosis, bundle))
                .filter(row -> row.finding().isProblem())
                .toList()
            : rows(services, diagnosis, word);
    LISTING.print(call, rows, "every bundle is live");
  }

  private static List<Row> rows(Services services, Diagnosis diagnosis, String word) {
    List<Row> rows =
        services.bundles().stream()
            .filter(bundle -> Diagnosis.isNamed(bundle, word))
            .flatMap(bundle -> rows(diagnosis, bundle))
            .toList();
    if (!rows.isEmpty()) {
      return rows;
    }
    Path file =
        PluginFile.find(word, services.deployFolders())
            .orElseThrow(
                () -> CommandException.unknown("no bundle and no file", word, names(services)));
    return List.of(new Row(null, PluginFile.examine(file, services.bundles())));
  }

  private static Stream<Row> rows(Diagnosis diagnosis, Bundle bundle) {
    return diagnosis.of(bundle).stream().map(finding -> new Row(bundle, finding));
  }

  private static List<String> names(Services services) {
    return services.bundles().stream()
        .map(Bundle::getSymbolicName)
        .filter(Objects::nonNull)
        .toList();
  }
}
