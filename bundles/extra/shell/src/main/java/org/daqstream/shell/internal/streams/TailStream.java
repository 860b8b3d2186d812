/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.Answer;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;

/** {@code stream:tail}. */
public record TailStream(Services services) {
  private static final String COUNT = "-n";
  private static final String SECONDS = "--seconds";
  private static final String HEX = "--hex";
  private static final String BYTES = "--bytes";
  private static final int SHOWN_BYTES = 200;

  /** How often to look whether anybody still reads. */
  private static final long LOOK_MS = 200;

  private static final long MOST_MS = TimeUnit.DAYS.toMillis(365);

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "stream:tail",
        "Opens an input in place of its module and shows what comes, until Ctrl-C.",
        Syntax.of("INSTANCE", "STREAM")
            .next(words -> Streams.candidates(services, words, StreamDirection.IN))
            .option(COUNT, "N", "end after so many messages")
            .option(SECONDS, "S", "end after so many seconds; an error when nothing came")
            .option(BYTES, "N", "show so many bytes of a message, " + SHOWN_BYTES)
            .flag(HEX, "as hexadecimal digits, also what is text")
            .json(),
        call -> new TailStream(services).execute(call));
  }

  private void execute(Call call) {
    String instance = call.word(0);
    String stream = call.word(1);
    long most = call.number(COUNT, Long.MAX_VALUE, 1, Long.MAX_VALUE);
    long timeoutMs = call.milliseconds(SECONDS, MOST_MS, MOST_MS);
    int bytes = (int) call.number(BYTES, SHOWN_BYTES, 1, Integer.MAX_VALUE);
    var register = services.streams();
    Streams.definition(register, instance, stream, StreamDirection.IN);
    try (Answer answer = new Answer(call);
        StreamClient client = register.client(instance)) {
      Output output = new Output(answer, call.err(), call.has(HEX), bytes);
      int handle = client.openInput(stream, output, output);
      client
          .info(handle)
          .filter(info -> info.boundPort() >= 0)
          .ifPresent(info -> call.err().println("listening on port " + info.boundPort()));
      boolean ended = follow(client, output, most, timeoutMs, call.out());
      client.close(handle);
      if (output.messages == 0 && ended && call.has(SECONDS)) {
        throw new CommandException("nothing came within " + call.value(SECONDS) + " s");
      }
    } catch (StreamException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  /** Whether it ended by itself; by an interruption else. */
  private boolean follow(
      StreamClient client, Output output, long most, long timeoutMs, PrintStream out) {
    long deadline = services.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (output.messages < most && services.nanoTime() < deadline && !out.checkError()) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - services.nanoTime()) + 1;
      if (client.processEvent(Math.min(LOOK_MS, leftMs)) == StreamResult.SHOULDEXIT) {
        if (!Thread.interrupted()) {
          throw new CommandException("the register of streams has gone");
        }
        return false;
      }
      if (!services.isActive()) {
        throw new CommandException("the shell was stopped");
      }
      if (!output.ended.isEmpty()) {
        throw new CommandException("the stream ended: " + output.ended);
      }
    }
    return true;
  }

  /** Shows what comes; on the command's thread. */
  private static final class Output implements StreamCallback, StreamListener {
    private final Answer answer;
    private final PrintStream err;
    private final boolean hexOnly;
    private final int shownBytes;
    private final Map<Long, String> addresses = new HashMap<>();
    private long messages;
    private String ended = "";

    Output(Answer answer, PrintStream err, boolean hexOnly, int shownBytes) {
      this.answer = answer;
      this.err = err;
      this.hexOnly = hexOnly;
      this.shownBytes = shownBytes;
    }

    @Override
    public void data(long peerId, ByteBuffer data) {
      Instant now = Instant.now();
      int length = data.remaining();
      byte[] shown = new byte[Math.min(length, shownBytes)];
      data.get(shown);
      boolean isCut = length > shown.length;
      String text = hexOnly ? null : text(shown, isCut);
      String hex = text == null ? HexFormat.of().formatHex(shown) : null;
      String peer = addresses.getOrDefault(peerId, "peer " + peerId);
      messages++;
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("time", now);
      row.put("peer", peer);
      row.put("bytes", length);
      row.put(text == null ? "hex" : "text", text == null ? hex : text);
      row.put("complete", !isCut);
      answer.add(
          row,
          () ->
              "%s  %s  %s B  %s%s"
                  .formatted(
                      Format.time(now),
                      peer,
                      length,
                      text == null ? "0x" + hex : oneLine(text),
                      isCut ? "…" : ""));
    }

    /** Null when the bytes are no text that can be shown. */
    private static String text(byte[] bytes, boolean isCut) {
      CharBuffer text = CharBuffer.allocate(bytes.length);
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      boolean wrong = UTF_8.newDecoder().decode(rest, text, !isCut).isError();
      text.flip();
      String decoded = text.toString();
      return wrong || !ForeignText.isPlain(oneLine(decoded)) ? null : decoded;
    }

    private static String oneLine(String text) {
      return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    @Override
    public void peerUp(long peerId, String address) {
      addresses.put(peerId, address);
      err.println("connected: " + address);
    }

    @Override
    public void peerDown(long peerId, String cause) {
      String address = addresses.remove(peerId);
      err.println("disconnected: " + address + ": " + cause);
    }

    @Override
    public void ended(String cause) {
      ended = cause;
    }
  }
}
