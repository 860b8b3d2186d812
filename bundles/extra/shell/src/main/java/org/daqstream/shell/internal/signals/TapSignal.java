/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.sample.support.DomainValue;
import org.daqstream.sample.support.SampleDecoder;
import org.daqstream.sample.support.ValueText;
import org.daqstream.shell.internal.Answer;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalState;

/** {@code signal:tap}. */
public record TapSignal(Services services) {
  private static final String COUNT = "-n";
  private static final String SECONDS = "--seconds";

  /** How often to look whether anybody still reads. */
  private static final long LOOK_MS = 200;

  private static final long MOST_MS = TimeUnit.DAYS.toMillis(365);

  private record Row(long row, long tick, String time, Object value) {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:tap",
        "Shows the samples of a signal as they are written, until Ctrl-C; what the terminal is too"
            + " slow for is dropped and told.",
        Syntax.of("SIGNAL")
            .first(() -> Signals.valueIds(services))
            .option(COUNT, "N", "end after so many samples")
            .option(SECONDS, "S", "end after so many seconds; an error when no sample came")
            .json(),
        call -> new TapSignal(services).execute(call));
  }

  private void execute(Call call) {
    String signalId = call.word(0);
    long most = call.number(COUNT, Long.MAX_VALUE, 1, Long.MAX_VALUE);
    long timeoutMs = call.milliseconds(SECONDS, MOST_MS, MOST_MS);
    check(signalId, call.err());
    BlockQueue queue = new BlockQueue();
    long shown = 0;
    Runnable removeSink = services.addSink(new TapSink(signalId, queue));
    try (Answer answer = new Answer(call)) {
      shown = show(queue, new Printer(answer), most, timeoutMs, call.out());
    } catch (InterruptedException e) {
      return; // Ctrl-C
    } finally {
      removeSink.run();
    }
    if (shown == 0 && call.has(SECONDS)) {
      throw new CommandException(
          "no sample of '%s' within %s s".formatted(signalId, call.value(SECONDS)));
    }
  }

  private void check(String signalId, PrintStream err) {
    Signals signals = new Signals(services);
    SignalState state = signals.get(signalId);
    if (Signals.isDomain(state)) {
      List<String> values = signals.valuesOf(state.tableId());
      throw new CommandException(
          "'%s' is a domain: it is shown as the time of its values%s"
              .formatted(signalId, values.isEmpty() ? "" : ", '" + values.get(0) + "' say"));
    }
    if (!state.available()) {
      err.println("waiting: '" + signalId + "' is unavailable: " + state.reason());
    }
  }

  /** Until there are enough, the time is over or nobody reads any more. */
  private long show(BlockQueue queue, Printer printer, long most, long timeoutMs, PrintStream out)
      throws InterruptedException {
    long deadline = services.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    long shown = 0;
    while (shown < most
        && services.nanoTime() < deadline
        && !out.checkError()) { // which flushes, too
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - services.nanoTime()) + 1;
      BlockQueue.Entry next = queue.take(Math.min(LOOK_MS, leftMs));
      if (next != null) {
        printer.dropped(next.droppedBefore());
        shown += printer.print(next.block(), most - shown);
      }
      if (!services.isActive()) {
        throw new CommandException("the shell was stopped");
      }
    }
    printer.dropped(queue.dropped());
    return shown;
  }

  private static final class Printer {
    private final Answer answer;
    private Block.Format format;
    private DomainValue times;
    private SampleDecoder decoder;

    Printer(Answer answer) {
      this.answer = answer;
    }

    /** Shows as many samples as are still wanted, and tells how many. */
    long print(Block block, long most) {
      if (!block.format().equals(format)) {
        format = block.format();
        times = new DomainValue(format.domain());
        decoder = new SampleDecoder(format.value(), format.wireType());
      }
      int count = (int) Math.min(block.count(), most);
      for (int i = 0; i < count; i++) {
        long row = block.row(i);
        String time = times.text(block.tick(i));
        Object value = decoder.decode(block.sample(i));
        answer.add(
            new Row(row, block.tick(i), time, value),
            () -> time + "  " + row + "  " + (ValueText.of(value) + " " + unit()).strip());
      }
      return count;
    }

    private String unit() {
      return format.value().unit().symbol();
    }

    void dropped(long samples) {
      if (samples > 0) {
        answer.add(
            Map.of("dropped", samples),
            () -> "… " + samples + " samples dropped: the terminal is too slow");
      }
    }
  }
}
