/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.ProtocolException;

/**
 * Sends commands in the way that the device offers, many signals in one (protocol sections 2.3 to
 * 2.5). By the tasks' thread, but for what waits for HTTP, which has one of its own.
 */
final class Commands {
  /** Signals in one command at most; and their characters. */
  private static final int BATCH_LIMIT = 500;

  private static final int BATCH_LIMIT_CHARS = 12 << 10;

  /** Told, by the tasks' thread, what became of a signal's command. */
  interface Outcome {
    /** Whether it is still to be brought about, and nothing else has. */
    boolean isOpen();

    /**
     * The device has it.
     *
     * @param isBehindAcknowledgements whether what it has to say of the signal has come before
     */
    void done(boolean isBehindAcknowledgements);

    /** It was not carried out. */
    void refused(String why);
  }

  /** One signal of a command that waits. */
  private record Part(String command, String signalId, Outcome outcome) {}

  private final ClientSettings settings;
  private final OrderedTasks tasks;
  private final OrderedTasks posts;

  // By the tasks' thread:
  private final List<Part> waiting = new ArrayList<>();
  private final Map<Long, List<Part>> unanswered = new HashMap<>();
  private boolean isFlushing;
  private Sender sender;
  private String streamId = "";
  private CommandInterface way;
  private String noWay = "";
  private long lastId;

  private volatile HttpPost posting;

  Commands(ClientSettings settings, OrderedTasks tasks, Consumer<Throwable> fault) {
    this.settings = settings;
    this.tasks = tasks;
    posts = new OrderedTasks("daqstream-client-http", fault);
  }

  /** A device has greeted. */
  void opened(Sender newSender, Init init) {
    tasks.execute(
        () -> {
          forget();
          sender = newSender;
          streamId = init.streamId();
          try {
            way = init.commandInterfaces().select();
            if (!way.isInBand() && !newSender.mayPost()) {
              noWay = "it takes no commands on its connection";
              way = null;
            }
          } catch (ProtocolException e) {
            noWay = e.getMessage();
          }
        });
  }

  void closed() {
    tasks.execute(this::forget);
  }

  private void forget() {
    waiting.clear();
    unanswered.clear();
    sender = null;
    way = null;
    noWay = "";
    posts.forget();
    HttpPost last = posting;
    if (last != null) {
      last.close(); // its session is gone
    }
  }

  void end() {
    posts.end(0);
    HttpPost last = posting;
    if (last != null) {
      last.close();
    }
  }

  /** Has a signal subscribed or unsubscribed, with others that come soon. */
  void put(String command, String signalId, Outcome outcome) {
    waiting.add(new Part(command, signalId, outcome));
    if (!isFlushing) {
      isFlushing = true;
      tasks.execute(this::flush);
    }
  }

  private void flush() {
    isFlushing = false;
    List<Part> all = new ArrayList<>(waiting);
    waiting.clear();
    int from = 0;
    while (from < all.size()) {
      int to = endOfBatch(all, from);
      send(List.copyOf(all.subList(from, to)));
      from = to;
    }
  }

  /** As many of the same command as one may have. */
  private static int endOfBatch(List<Part> all, int from) {
    String command = all.get(from).command();
    int chars = 0;
    int to = from;
    while (to < all.size() && to - from < BATCH_LIMIT && all.get(to).command().equals(command)) {
      chars += all.get(to).signalId().length();
      if (to > from && chars > BATCH_LIMIT_CHARS) {
        break;
      }
      to++;
    }
    return to;
  }

  private void send(List<Part> parts) {
    if (sender == null) {
      return;
    }
    if (way == null) {
      refuse(parts, noWay);
      return;
    }
    long id = ++lastId;
    CommandRequest request =
        CommandRequest.of(
            id,
            streamId,
            parts.get(0).command(),
            parts.stream().map(Part::signalId).collect(Collectors.toList()));
    unanswered.put(id, parts);
    if (!way.isInBand()) {
      post(id, request);
      return;
    }
    if (!sender.send(request.toMetadata())) {
      answered(id, "the device does not read what it is sent");
    }
    // Numbers are never used again, so that an old alarm finds nothing.
    tasks.after(
        settings.commandTimeoutMs(),
        () -> answered(id, "no answer within " + settings.commandTimeoutMs() + " ms"));
  }

  private void post(long id, CommandRequest request) {
    CommandInterface target = way;
    posts.execute(
        () -> {
          HttpPost post = new HttpPost();
          posting = post;
          Runnable noAlarm = tasks.after(settings.commandTimeoutMs(), post::close);
          try {
            CommandResponse response = post.send(settings, target, request);
            tasks.execute(() -> answered(id, response));
          } catch (IOException e) {
            tasks.execute(() -> answered(id, "the command could not be sent: " + words(e)));
          } finally {
            noAlarm.run();
          }
        });
  }

  private static String words(IOException e) {
    return e.getMessage() == null ? "given up" : e.getMessage();
  }

  /** An in-band answer has come; by any thread. */
  void answered(CommandResponse response) {
    if (response.id().isIntegralNumber()) {
      long id = response.id().longValue();
      tasks.execute(() -> answered(id, response));
    }
  }

  private void answered(long id, CommandResponse response) {
    List<Part> parts = unanswered.remove(id);
    if (parts == null) {
      return;
    }
    if (!response.isError()) {
      for (int i = 0; i < parts.size(); i++) {
        if (response.isDone(i)) {
          parts.get(i).outcome().done(way != null && way.isInBand());
        } else {
          parts.get(i).outcome().refused("the device refuses it");
        }
      }
    } else if (parts.size() == 1) {
      refuse(parts, "the device refuses it: " + response.errorMessage());
    } else {
      // Some devices stop at the first bad one, others do the good ones: ask for each again.
      parts.stream().filter(each -> each.outcome().isOpen()).forEach(each -> send(List.of(each)));
    }
  }

  private void answered(long id, String failure) {
    List<Part> parts = unanswered.remove(id);
    if (parts != null) {
      refuse(parts, failure);
    }
  }

  private static void refuse(List<Part> parts, String why) {
    parts.forEach(each -> each.outcome().refused(why));
  }
}
