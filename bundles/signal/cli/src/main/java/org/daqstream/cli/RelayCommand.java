/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.base.support.Worker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relay}. */
@Command(
    name = "relay",
    description = {
      "Offers the signals of a device on a port of this machine, until Ctrl-C.",
      "However many clients it has, the device has one. What it logs goes to the error output."
    })
final class RelayCommand extends DeviceCommand {
  private static final Pattern LISTENING =
      Pattern.compile("daqstream: listening on (ws:\\S+) and (http:\\S+), .*");
  private static final Pattern NOT_CONFIGURABLE = Pattern.compile(".*[,\\\\$\\s].*");
  private static final long END_MS = 10_000;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "7514",
      description = "Port to listen on, 7514; 0 takes a free one.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on, 127.0.0.1; 0.0.0.0 for the whole network.")
  private String host;

  @Override
  int run() throws IOException, InterruptedException {
    String distribution = System.getProperty("daqstream.dist");
    if (distribution == null) {
      throw new CliException(Daqstream.FAILED, "relay needs the distribution: bin/daqstream");
    }
    for (SignalGlob each : globs()) {
      if (NOT_CONFIGURABLE.matcher(each.toString()).matches()) {
        throw misused("a signal with a comma, a space, '\\' or '$' cannot be named here: " + each);
      }
    }
    String files = tls().caFile() + tls().certificateFile() + tls().keyFile();
    if (NOT_CONFIGURABLE.matcher(files).matches()) {
      throw misused("a file with a comma, a space, '\\' or '$' cannot be named here");
    }
    try (DeviceSession session = open()) {
      session.ids(globsOrAll()); // whether there is anything to relay
    }
    String token = token().token();
    try (RelayHome home =
        new RelayHome(
            Path.of(distribution), address(), tls(), !token.isEmpty(), globsOrAll(), host, port)) {
      return relay(home, token);
    }
  }

  private int relay(RelayHome home, String token) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command(home))
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(LoginArguments.VARIABLE, token);
    Process runtime = builder.start();
    Worker.daemon("daqstream-relay-output", () -> tell(runtime)).start();
    try {
      int code = runtime.waitFor();
      return interruption().isAsked() || code == 0 ? Daqstream.OK : Daqstream.FAILED;
    } finally {
      runtime.destroy();
      Thread.interrupted(); // its end is to be waited for
      if (!runtime.waitFor(END_MS, TimeUnit.MILLISECONDS)) {
        runtime.destroyForcibly().waitFor();
      }
    }
  }

  private static List<String> command(RelayHome home) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String each : System.getProperty("daqstream.runtime.options", "").split("\\s+", -1)) {
      if (!each.isEmpty()) {
        command.add(each);
      }
    }
    command.addAll(List.of("-jar", home.jar().toString(), "--home", home.folder().toString()));
    return command;
  }

  /** Where it listens goes to the output, the rest to the error output. */
  private void tell(Process runtime) {
    try (BufferedReader lines = runtime.inputReader(UTF_8)) {
      boolean isTold = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (!listening.matches()) {
          streams().say(line.replaceFirst("^daqstream: ", ""));
        } else if (!isTold) {
          isTold = true;
          tell(listening.group(1));
        }
      }
    } catch (IOException | PipeClosedException e) {
      // Nobody reads what is said; the relay goes on.
    }
  }

  private void tell(String here) {
    if (json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("address", address().toString());
      document.put("relayed", here);
      streams().out().println(streams().json(document));
    } else {
      streams().out().println("relaying " + address() + " at " + here);
    }
    streams().check();
  }
}
