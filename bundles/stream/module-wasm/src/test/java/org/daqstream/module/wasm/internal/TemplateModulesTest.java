/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.testing.Await;
import org.daqstream.testing.Needs;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The templates for modules in C and in Rust, copied, built as they say, and run. */
public class TemplateModulesTest {
  private static final Path TEMPLATES = Path.of("../../../launcher/src/main/dist/templates");
  private static final long BUILD_S = 120;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Running running;

  @Before
  public void start() {
    running = new Running(folder.getRoot().toPath());
  }

  @After
  public void stop() {
    running.close();
  }

  static void needC() {
    Needs.program("clang", "clang");
    Needs.program("wasm-ld", "lld");
  }

  /** Copies a template, runs what builds it, and gives the folder. */
  static Path build(String template, Path to) throws Exception {
    Path from = TEMPLATES.resolve(template);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    File output = to.resolve("output").toFile();
    Process build =
        new ProcessBuilder("sh", "build")
            .directory(to.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    assertTrue("built in time", build.waitFor(BUILD_S, TimeUnit.SECONDS));
    assertEquals(Files.readString(output.toPath()), 0, build.exitValue());
    return to;
  }

  private static boolean hasRustTarget() throws IOException, InterruptedException {
    try {
      Process asked =
          new ProcessBuilder(
                  "rustc", "--print", "target-libdir", "--target", "wasm32-unknown-unknown")
              .redirectErrorStream(true)
              .start();
      String libraries = new String(asked.getInputStream().readAllBytes(), UTF_8).strip();
      return asked.waitFor() == 0 && Files.isDirectory(Path.of(libraries));
    } catch (IOException e) {
      return false;
    }
  }

  private void passesEachThird(Path code) throws Exception {
    running.modules.configure(
        new ModuleSettings("filter", code.toString(), List.of("3"), 1 << 20, 1000, 1000, 60));
    running.await("filter", State.RUNNING);
    PlayedStreams.Played filter = running.streams.of("filter");
    for (int i = 0; i < 9; i++) {
      filter.receive("in", "message " + i);
    }
    filter.receive("in", "x".repeat(65536));
    for (int i = 0; i < 9; i += 3) {
      assertEquals("message " + i, filter.nextWritten());
    }
    assertEquals("x".repeat(65536), filter.nextWritten());
    assertEquals(0, running.status("filter").failures());
  }

  private void refusesNothingOfNothing(Path code) {
    running.modules.change(
        new ModuleSettings("filter", code.toString(), List.of("0"), 1 << 20, 1000, 1000, 60));
    Await.until(
        "refusal", () -> running.status("filter").reason().endsWith("daqstream_init gives 4"));
    assertEquals("the one before goes on", State.RUNNING, running.status("filter").state());
  }

  @Test
  public void theFilterInCPassesEachThirdMessage() throws Exception {
    needC();
    Path code = build("wasm-c", folder.newFolder().toPath().resolve("c")).resolve("filter.wasm");
    passesEachThird(code);
    refusesNothingOfNothing(code);
  }

  @Test
  public void theDataTypeInCWritesBytes() throws Exception {
    needC();
    Path built = build("wasm-c", folder.newFolder().toPath().resolve("c"));
    running.modules.drop("percent8", built.resolve("percent8.wasm"));
    Await.until("a data type", () -> running.writers.containsKey("percent8"));
    SignalWriter writer =
        running.writers.get("percent8").create(SignalDescriptor.value("s", "percent8").build());
    double[] samples = {-1, 0.4, 49.6, 250};
    ByteBuffer target = ByteBuffer.allocate(writer.encodedBytes(samples, 0, samples.length));
    writer.encode(samples, 0, samples.length, target);
    assertArrayEquals(new byte[] {0, 0, 50, 100}, target.array());
  }

  @Test
  public void theFilterInRustPassesEachThirdMessage() throws Exception {
    Needs.program("cargo", "cargo");
    Needs.that(
        hasRustTarget(),
        "Rust's target wasm32-unknown-unknown (Debian package libstd-rust-dev-wasm32, or rustup"
            + " target add)");
    Path code = build("wasm-rust", folder.newFolder().toPath().resolve("r")).resolve("filter.wasm");
    passesEachThird(code);
    refusesNothingOfNothing(code);
  }
}
