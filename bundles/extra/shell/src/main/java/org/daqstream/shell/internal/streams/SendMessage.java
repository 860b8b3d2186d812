/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.RuntimeFile;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamResult;

/** {@code stream:send}. */
public record SendMessage(Services services) {
  private static final String HEX = "--hex";
  private static final String FILE = "--file";
  private static final String SECONDS = "--seconds";
  private static final long DEFAULT_MS = 5000;
  private static final long MOST_MS = TimeUnit.HOURS.toMillis(1);
  private static final long LOOK_MS = 10;
  private static final int FILE_LIMIT_BYTES = 64 << 20;

  private record Done(String instance, String stream, String type, int bytes) {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "stream:send",
        "Opens an output, sends one message, waits until it is on its way, and closes.",
        Syntax.of("INSTANCE", "STREAM", "[TEXT...]")
            .next(words -> Streams.candidates(services, words, StreamDirection.OUT))
            .option(HEX, "DIGITS", "send these bytes")
            .option(FILE, Syntax.FILE, "send the content of a file of the runtime's machine")
            .option(SECONDS, "S", "wait at most so many seconds, 5")
            .json(),
        call -> new SendMessage(services).execute(call));
  }

  private void execute(Call call) throws InterruptedException {
    String instance = call.word(0);
    String stream = call.word(1);
    long timeoutMs = call.milliseconds(SECONDS, DEFAULT_MS, MOST_MS);
    byte[] message = message(call);
    var register = services.streams();
    String type = Streams.definition(register, instance, stream, StreamDirection.OUT).type();
    try (StreamClient client = register.client(instance)) {
      send(client, stream, message, timeoutMs);
    } catch (StreamException e) {
      throw new CommandException(e.getMessage(), e);
    }
    call.tell(
        new Done(instance, stream, type, message.length),
        "sent " + Format.bytes(message.length) + " over " + type);
  }

  private static byte[] message(Call call) {
    boolean hasText = call.words().size() > 2;
    if (Stream.of(hasText, call.has(HEX), call.has(FILE)).filter(given -> given).count() != 1) {
      throw new CommandException("give one of: TEXT, " + HEX + " DIGITS, " + FILE + " FILE");
    }
    if (call.has(HEX)) {
      try {
        return HexFormat.of().parseHex(call.value(HEX));
      } catch (IllegalArgumentException e) {
        throw new CommandException(
            HEX + " '" + call.value(HEX) + "': allowed are pairs of digits 0 to f", e);
      }
    }
    return call.has(FILE)
        ? RuntimeFile.read(call.value(FILE), FILE_LIMIT_BYTES)
        : call.textBehind(2).getBytes(UTF_8);
  }

  private void send(StreamClient client, String stream, byte[] message, long timeoutMs)
      throws StreamException, InterruptedException {
    int handle = client.openOutput(stream);
    boolean sent = false;
    try {
      long deadline = services.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      StreamResult result = client.write(handle, message);
      if (result != StreamResult.OK) {
        throw new CommandException(
            result == StreamResult.TOOBIG
                ? "the message of " + message.length + " B is larger than the stream's queue"
                : "the stream refused the message: " + result + trouble(client, handle));
      }
      awaitSent(client, handle, deadline);
      String trouble = trouble(client, handle);
      long leftMs = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - services.nanoTime()));
      CloseResult closed = client.close(handle, leftMs);
      sent = true;
      if (closed.lostMessages() > 0 || closed.result() != StreamResult.OK) {
        throw new CommandException("not sent within " + timeoutMs / 1000.0 + " s" + trouble);
      }
    } finally {
      if (!sent) {
        client.close(handle, 0);
      }
    }
  }

  /** The close would wait too, but not heed an interruption. */
  private void awaitSent(StreamClient client, int handle, long deadline)
      throws InterruptedException {
    while (services.isActive() && services.nanoTime() < deadline) {
      StreamInfo info = client.info(handle).orElseThrow();
      if (!info.ended().isEmpty()) {
        throw new CommandException("the stream ended: " + info.ended());
      }
      if (info.statistics().queuedMessages() == 0) {
        return;
      }
      services.pause(LOOK_MS);
    }
  }

  private static String trouble(StreamClient client, int handle) {
    return client
        .info(handle)
        .map(info -> info.statistics().lastError())
        .filter(error -> !error.isEmpty())
        .map(error -> ": " + error)
        .orElse("");
  }
}
