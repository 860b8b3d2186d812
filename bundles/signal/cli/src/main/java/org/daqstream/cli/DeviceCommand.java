/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TlsOptions;
import org.daqstream.client.WireListener;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands have: an address, signals, and where they print. */
abstract class DeviceCommand implements CliCommand {
  private static final String DEFAULT_ADDRESS = "daq.lt://127.0.0.1/";

  /** What can only be an address, also without a scheme: an IP address, or a port behind a name. */
  private static final Pattern BARE_ADDRESS =
      Pattern.compile(
          "localhost|\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?(/.*)?|\\[[0-9A-Fa-f:.]+(%[^]]+)?](:\\d+)?(/.*)?"
              + "|[A-Za-z0-9.-]+:[^:/]+(/.*)?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "[ADDRESS] [SIGNAL...]",
      hideParamSyntax = true,
      arity = "0..*",
      description = {
        "ADDRESS: daq.lt://HOST[:PORT], daq.ws://, ws://, wss://, or an IP address; without it "
            + DEFAULT_ADDRESS,
        "SIGNAL: an id, or a pattern: * is any text without a slash, ** any text, ? one character;"
            + " without one all"
      })
  private List<String> words = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = TimeSpan.Converter.class,
      description = "How long the device may take to greet and to describe its signals, 5s.")
  private TimeSpan timeout;

  @Mixin private TlsArguments tls = new TlsArguments();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help; // picocli reads it

  private StandardStreams streams;
  private Interruption interruption;

  @Override
  public int run(StandardStreams newStreams, Interruption newInterruption) throws Exception {
    streams = newStreams;
    interruption = newInterruption;
    return run();
  }

  /** Carries it out; its exit code. */
  abstract int run() throws Exception;

  StandardStreams streams() {
    return streams;
  }

  Interruption interruption() {
    return interruption;
  }

  boolean json() {
    return json;
  }

  long timeoutMs() {
    return timeout.millis();
  }

  private boolean beginsWithAddress() {
    return !words.isEmpty()
        && (words.get(0).contains("://") || BARE_ADDRESS.matcher(words.get(0)).matches());
  }

  DeviceAddress address() {
    try {
      return DeviceAddress.parse(beginsWithAddress() ? words.get(0) : DEFAULT_ADDRESS);
    } catch (IllegalArgumentException e) {
      throw misused(e.getMessage());
    }
  }

  /** What was named; empty for nothing. */
  List<SignalGlob> globs() {
    return words.stream().skip(beginsWithAddress() ? 1 : 0).map(SignalGlob::new).toList();
  }

  /** What was named, or everything. */
  List<SignalGlob> globsOrAll() {
    return globs().isEmpty() ? List.of(SignalGlob.ALL) : globs();
  }

  /** An error of whoever typed the command. */
  ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  DeviceSession open() throws InterruptedException {
    return open(null);
  }

  /** As above; somebody sees the bytes, or null for nobody. */
  DeviceSession open(WireListener wire) throws InterruptedException {
    return DeviceSession.open(address(), tls(), timeoutMs(), streams, wire);
  }

  /** Whom to trust. */
  TlsOptions tls() {
    if (!tls.isComplete()) {
      throw misused("--cert and --key go together");
    }
    return tls.options();
  }
}
