/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TlsOptions;
import org.daqstream.client.TokenSource;
import org.daqstream.client.WireListener;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that read a device: an address and signals. */
abstract class DeviceCommand extends CliCommand {
  private static final String DEFAULT_ADDRESS = "daq.lt://127.0.0.1/";

  /** What can only be an address, also without a scheme: an IP address, or a port behind a name. */
  private static final Pattern BARE_ADDRESS =
      Pattern.compile(
          "localhost|\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?(/.*)?|\\[[0-9A-Fa-f:.]+(%[^]]+)?](:\\d+)?(/.*)?"
              + "|[A-Za-z0-9.-]+:[^:/]+(/.*)?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

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

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = TimeSpan.Converter.class,
      description = "How long the device may take to greet and to describe its signals, 5s.")
  private TimeSpan timeout;

  @Mixin private TlsArguments tls = new TlsArguments();

  @Mixin private LoginArguments login = new LoginArguments();

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

  /** The recording that is named in place of an address; {@code null} for none. */
  Path recording() {
    if (words.isEmpty()) {
      return null;
    }
    String word = words.get(0);
    if (Recordings.isNameOfOne(word)) {
      return Path.of(word);
    }
    if (!beginsWithAddress() && Recordings.isOtherFile(word)) {
      throw misused(
          word + " is no recording; those are read that end with " + Recordings.endings());
    }
    return null;
  }

  /** What was named; empty for nothing. */
  List<SignalGlob> globs() {
    return words.stream()
        .skip(beginsWithAddress() || recording() != null ? 1 : 0)
        .map(SignalGlob::new)
        .toList();
  }

  /** What was named, or everything. */
  List<SignalGlob> globsOrAll() {
    return globs().isEmpty() ? List.of(SignalGlob.ALL) : globs();
  }

  DeviceSession open() throws InterruptedException {
    return open(null);
  }

  /** As above; somebody sees the bytes, or null for nobody. */
  DeviceSession open(WireListener wire) throws InterruptedException {
    return DeviceSession.open(address(), tls(), token(), timeoutMs(), streams(), wire);
  }

  /** Whom to trust. */
  TlsOptions tls() {
    if (!tls.isComplete()) {
      throw misused("--cert and --key go together");
    }
    return tls.options();
  }

  /** By what to log in; can be read now. */
  TokenSource token() {
    try {
      TokenSource source = login.source(System.getenv());
      source.token();
      return source;
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(Daqstream.FAILED, e.getMessage());
    }
  }
}
