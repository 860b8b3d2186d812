/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code stream:manifests}. */
public final class ListManifests extends Command {
  private static final Listing<Map.Entry<String, Set<String>>> LISTING =
      new Listing<Map.Entry<String, Set<String>>>()
          .column("SOURCE", "source", Map.Entry::getKey)
          .column("INSTANCES", "instances", Map.Entry::getValue, names -> String.join(", ", names));

  private final Services services;

  public ListManifests(Services services) {
    super(
        "stream:manifests",
        "Lists who deployed which instances; what stream:deploy deployed begins with 'shell:'.",
        Syntax.of().json());
    this.services = services;
  }

  @Override
  protected void execute(Call call) {
    final var sources = List.copyOf(services.streams().sources().entrySet());
    LISTING.print(call, sources, "nothing is deployed");
  }
}
