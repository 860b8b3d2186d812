/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.sample.support.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tap}. */
@Command(
    name = "tap",
    description = {
      "Decodes a connection of its own into readable lines: every frame, packet, message, payload.",
      "'<' the device sent, '>' it got; commands by HTTP go another way and are not shown.",
      "Without SIGNAL nothing is subscribed; '**' for everything."
    })
final class TapCommand extends DeviceCommand {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final long LOOK_MS = 100;
  private static final int SHORT_CHARS = 120;
  private static final int CHECK_LINES = 256;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeSpan.Converter.class,
      description = "End after so long: 500ms, 5s, 2m, 1h.")
  private TimeSpan length;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many lines.")
  private Long count;

  @Option(names = "--full", description = "Whole messages, not only their beginnings.")
  private boolean isFull;

  @Override
  int run() throws InterruptedException {
    WireDecoder decoder = new WireDecoder(isFull ? Integer.MAX_VALUE : SHORT_CHARS);
    try (DeviceSession session = open(decoder)) {
      if (!globs().isEmpty()) {
        for (String each : session.ids(globs())) {
          SubscriptionOptions options = SubscriptionOptions.DEFAULT.direct();
          session.client().subscribe(each, options, block -> {}); // as long as the session
        }
      }
      show(decoder);
    } finally {
      decoder.close();
    }
    return Daqstream.OK;
  }

  private void show(WireDecoder decoder) {
    long start = System.nanoTime();
    long lengthNanos =
        length == null ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(length.millis());
    long shown = 0;
    try {
      while (!interruption().isAsked()
          && System.nanoTime() - start < lengthNanos
          && (count == null || shown < count)) {
        WireEvent event = decoder.poll(0);
        if (event == null || shown % CHECK_LINES == 0) {
          streams().check();
        }
        if (event == null) {
          event = decoder.poll(LOOK_MS);
        }
        if (event != null) {
          streams().out().println(json() ? document(event) : line(event));
          shown++;
        }
      }
    } catch (InterruptedException e) {
      // The end is wanted.
    } finally {
      decoder.close();
    }
    streams().check();
  }

  private static String line(WireEvent event) {
    return TIME.format(event.time())
        + (event.isIncoming() ? " < " : " > ")
        + (event.isInner() ? "  " : "")
        + ForeignText.plain(event.text());
  }

  private String document(WireEvent event) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("time", Format.time(event.time()));
    document.put("direction", event.isIncoming() ? "in" : "out");
    document.putAll(event.facts());
    return streams().json(document);
  }
}
