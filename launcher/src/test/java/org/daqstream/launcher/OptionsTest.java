/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class OptionsTest {
  private static final Path DIST = Path.of("/opt/daqstream");
  private static final Map<String, String> NO_ENV = Map.of();

  private static Options parse(Map<String, String> env, String... args) {
    return Options.parse(List.of(args), env, DIST);
  }

  @Test
  public void withoutArgumentsTheInstanceLivesInTheDistribution() {
    Options options = parse(NO_ENV);
    assertEquals(Options.Action.RUN, options.action());
    assertEquals(Layout.of(DIST, DIST), options.layout());
  }

  @Test
  public void environmentMovesTheInstanceButNotTheBundles() {
    Layout layout = parse(Map.of("DAQSTREAM_HOME", "/srv/a")).layout();
    assertEquals(Path.of("/srv/a/conf"), layout.conf());
    assertEquals(Path.of("/opt/daqstream/bundles"), layout.bundles());
  }

  @Test
  public void argumentWinsOverEnvironment() {
    Layout layout = parse(Map.of("DAQSTREAM_HOME", "/srv/a"), "--home", "/srv/b").layout();
    assertEquals(Path.of("/srv/b/deploy"), layout.deploy());
  }

  @Test
  public void helpAndVersionAreActions() {
    assertEquals(Options.Action.HELP, parse(NO_ENV, "-h").action());
    assertEquals(Options.Action.VERSION, parse(NO_ENV, "--version").action());
  }

  @Test
  public void unknownArgumentIsNamed() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> parse(NO_ENV, "--prot"));
    assertEquals("unknown argument '--prot'", e.getMessage());
  }

  @Test
  public void homeNeedsItsFolder() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> parse(NO_ENV, "--home"));
    assertEquals("--home needs a folder", e.getMessage());
  }
}
