/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.daqstream.base.support.OrderedTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its commands run one after the other in one Gogo session, on a thread of their own,
 * while the thread that called {@link #serve} waits for the next command or for the client to go,
 * which interrupts what runs.
 */
final class ConsoleSession {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleSession.class);

  /** Where names without a scope are looked up first: our help knows more than Gogo's. */
  private static final String OUR_SCOPE = "daqstream";

  private static final Pattern NAME = Pattern.compile("[\\w.-]+(:[\\w.-]+)?");

  /** What Gogo says, in words of Java, when it finds no method for the words. */
  private static final Pattern UNFIT =
      Pattern.compile("Cannot coerce (\\S+?)\\(.*", Pattern.DOTALL);

  private final SocketChannel channel;
  private final Object writing = new Object();
  private final PrintStream out;
  private final PrintStream err;
  private final CommandSession gogo;

  ConsoleSession(SocketChannel channel, CommandProcessor processor) {
    this.channel = channel;
    this.out = stream(ConsoleFrame.OUT);
    this.err = stream(ConsoleFrame.ERR);
    this.gogo = processor.createSession(InputStream.nullInputStream(), out, err);
    gogo.put("SCOPE", OUR_SCOPE + ":*");
  }

  private PrintStream stream(byte kind) {
    OutputStream frames =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int from = offset; from < offset + length; from += ConsoleFrame.LIMIT_BYTES) {
              int to = Math.min(from + ConsoleFrame.LIMIT_BYTES, offset + length);
              send(new ConsoleFrame(kind, Arrays.copyOfRange(bytes, from, to)));
            }
          }
        };
    return new PrintStream(new BufferedOutputStream(frames, 8192), true, UTF_8);
  }

  private void send(ConsoleFrame frame) throws IOException {
    synchronized (writing) {
      frame.writeTo(channel);
    }
  }

  /** Blocks until the client has gone or {@link #close} is called. */
  void serve() {
    OrderedTasks commands =
        new OrderedTasks("daqstream-console-command", e -> LOG.error("a command failed", e));
    try (channel) {
      for (ConsoleFrame frame = ConsoleFrame.readFrom(channel);
          frame != null;
          frame = ConsoleFrame.readFrom(channel)) {
        if (frame.kind() != ConsoleFrame.COMMAND) {
          throw new IOException("unknown frame " + frame.kind());
        }
        String[] words = frame.words();
        commands.execute(() -> run(words));
      }
    } catch (IOException e) {
      LOG.debug("console client left", e);
    } finally {
      commands.end(0);
      gogo.close();
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a console client", e);
    }
  }

  private void run(String[] words) {
    int code = 0;
    try {
      Object result = gogo.execute(line(words));
      String text = result == null ? "" : gogo.format(result, Converter.INSPECT).toString();
      out.print(text.isEmpty() || text.endsWith("\n") ? text : text + System.lineSeparator());
    } catch (Exception | LinkageError | StackOverflowError e) {
      err.println("daqstream: " + message(e));
      LOG.debug("command {}", words[0], e);
      code = ConsoleClient.FAILED;
    }
    out.flush();
    err.flush();
    try {
      send(ConsoleFrame.exit(code));
    } catch (IOException e) {
      LOG.debug("console client left", e);
    }
  }

  /** A single word is a line of Gogo; of several, all but the first are taken as they are. */
  private String line(String[] words) {
    if (words.length == 1) {
      return words[0];
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw new IllegalArgumentException(
          "'" + words[0] + "' is no command; allowed is a name like signal:list");
    }
    StringBuilder line = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      gogo.put("word" + i, words[i]);
      line.append(" $word").append(i);
    }
    return line.toString();
  }

  private static String message(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    Matcher unfit = UNFIT.matcher(message);
    return unfit.matches()
        ? unfit.replaceFirst(
            "$1 does not take these words, or there is no such bundle; 'help $1' tells more")
        : message;
  }
}
