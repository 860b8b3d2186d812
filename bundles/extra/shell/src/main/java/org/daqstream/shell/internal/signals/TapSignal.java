/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** {@code signal:tap}. */
public final class TapSignal extends Command {
  private static final String COUNT = "-n";
  private static final String SECONDS = "--seconds";

  /** How often to look whether anybody still reads. */
  private static final long LOOK_MS = 200;

  private static final long MOST_MS = TimeUnit.DAYS.toMillis(365);

  private record Row(long row, long tick, String time, Object value) {}

  private final Services services;

  /** Creates the command. */
  public TapSignal(Services services) {
    super(
        "signal:tap",
        "Shows the samples of a signal as they are written, until Ctrl-C; what the terminal is too"
            + " slow for is dropped and told.",
        Syntax.of("SIGNAL")
            .option(COUNT, "N", "end after so many samples")
            .option(SECONDS, "S", "end after so many seconds; an error when no sample came")
            .json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final long most = arguments.number(COUNT, Long.MAX_VALUE, 1, Long.MAX_VALUE);
    final long timeoutMs = arguments.milliseconds(SECONDS, MOST_MS, MOST_MS);
    check(arguments.word(0), err);
    final BlockQueue queue = new BlockQueue();
    long shown = 0;
    final Runnable removeSink = services.addSink(new TapSink(arguments.word(0), queue));
    try (Printer printer = arguments.json() ? new JsonPrinter(out) : new TextPrinter(out)) {
      shown = show(queue, printer, most, timeoutMs, out);
    } catch (InterruptedException e) {
      return; // Ctrl-C
    } finally {
      removeSink.run();
    }
    if (shown == 0 && arguments.has(SECONDS)) {
      throw new CommandException(
          "no sample of '" + arguments.word(0) + "' within " + arguments.value(SECONDS) + " s");
    }
  }

  private void check(String signalId, PrintStream err) throws CommandException {
    final Signals signals = new Signals(services);
    final SignalState state = signals.get(signalId);
    if (Signals.isDomain(state)) {
      final List<String> values = signals.valuesOf(state.tableId());
      throw new CommandException(
          "'"
              + signalId
              + "' is a domain: it is shown as the time of its values"
              + (values.isEmpty() ? "" : ", '" + values.get(0) + "' say"));
    }
    if (!state.available()) {
      err.println("waiting: '" + signalId + "' is unavailable: " + state.reason());
    }
  }

  /** Until there are enough, the time is over or nobody reads any more. */
  private long show(BlockQueue queue, Printer printer, long most, long timeoutMs, PrintStream out)
      throws CommandException, InterruptedException {
    final long deadline = services.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    long shown = 0;
    while (shown < most
        && services.nanoTime() < deadline
        && !out.checkError()) { // which flushes, too
      final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - services.nanoTime()) + 1;
      final BlockQueue.Entry next = queue.take(Math.min(LOOK_MS, leftMs));
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

  /** Shows blocks. */
  private abstract static class Printer implements AutoCloseable {
    private Block.Format format;
    private DomainValue times;
    private SampleDecoder decoder;

    /** Shows as many samples as are still wanted, and tells how many. */
    long print(Block block, long most) {
      if (!block.format().equals(format)) {
        format = block.format();
        times = new DomainValue(format.domain());
        decoder = new SampleDecoder(format.value(), format.wireType());
        describe(format.value());
      }
      final int count = (int) Math.min(block.count(), most);
      for (int i = 0; i < count; i++) {
        sample(
            new Row(
                block.row(i),
                block.tick(i),
                times.text(block.tick(i)),
                decoder.decode(block.sample(i))));
      }
      return count;
    }

    abstract void describe(SignalDescriptor signal);

    abstract void sample(Row row);

    abstract void dropped(long samples);

    @Override
    public void close() {}
  }

  private static final class TextPrinter extends Printer {
    private final PrintStream out;
    private String unit = "";

    TextPrinter(PrintStream out) {
      this.out = out;
    }

    @Override
    void describe(SignalDescriptor signal) {
      unit = signal.unit().symbol();
    }

    @Override
    void sample(Row row) {
      final String text = ValueText.of(row.value());
      out.println(row.time() + "  " + row.row() + "  " + (text + " " + unit).strip());
    }

    @Override
    void dropped(long samples) {
      if (samples > 0) {
        out.println("… " + samples + " samples dropped: the terminal is too slow");
      }
    }
  }

  private static final class JsonPrinter extends Printer {
    private final Json.Array array;

    JsonPrinter(PrintStream out) {
      array = new Json.Array(out);
    }

    @Override
    void describe(SignalDescriptor signal) {}

    @Override
    void sample(Row row) {
      array.add(row);
    }

    @Override
    void dropped(long samples) {
      if (samples > 0) {
        array.add(Map.of("dropped", samples));
      }
    }

    @Override
    public void close() {
      array.close();
    }
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Signals.ids(services, false) : List.of();
  }
}
