/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.sample.support.DescriptorText;
import org.daqstream.sample.support.DomainValue;
import org.daqstream.sample.support.Json;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A signal's description as it is kept for all who import it (docs/nats.md, section 3).
 *
 * @param publisher the publisher's own name for its life, which it says as long as it is there
 * @param epoch see {@link BlockMessage}
 * @param number of the description, greater than those before it within the epoch
 * @param path ids of the runtimes that it has come by, the last one first
 * @param domain the domain of its table
 * @param value the signal
 * @param sampleBytes of each sample as its writer makes it; 0 where they differ
 * @param definition what its writer says of the type, for runtimes that have none for it
 */
record SignalAnnouncement(
    String publisher,
    long epoch,
    int number,
    List<String> path,
    SignalDescriptor domain,
    SignalDescriptor value,
    int sampleBytes,
    Map<String, Object> definition) {

  /** Copies the lists. */
  SignalAnnouncement {
    path = List.copyOf(path);
  }

  /** The description as text in UTF-8. */
  byte[] bytes() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("publisher", publisher);
    document.put("epoch", Long.toHexString(epoch));
    document.put("number", number);
    document.put("path", path);
    document.put("domain", DescriptorText.document(domain));
    document.put("signal", DescriptorText.document(value));
    document.put("sampleBytes", sampleBytes);
    document.put("definition", definition);
    return Json.of(document).getBytes(StandardCharsets.UTF_8);
  }

  /** Why a block cannot be of the signal as it is described; empty when it can. */
  String misfit(BlockMessage.Block block) {
    int bytes = block.samples().remaining();
    if ((block.ticks() == null) != (NatsTable.deltaTicks(domain) != 0)) {
      return "a block that does not fit the rule of its domain";
    }
    boolean isWhole =
        sampleBytes == 0 ? block.count() == 1 : (long) sampleBytes * block.count() == bytes;
    return isWhole ? "" : "a block of %d samples with %d B".formatted(block.count(), bytes);
  }

  /** Time of a row at a block: of its samples the block knows, before them there is a line. */
  String timeOf(BlockMessage.Block block, long row) {
    int at = (int) Math.min(Math.max(0, row - block.row()), block.count() - 1);
    long tick =
        block.ticks() == null
            ? block.tick() + (row - block.row()) * NatsTable.deltaTicks(domain)
            : block.ticks()[at];
    return new DomainValue(domain).text(tick);
  }

  /**
   * Reads a description.
   *
   * @throws IOException when it is none, saying why
   */
  static SignalAnnouncement read(byte[] text) throws IOException {
    Object document = Json.parse(new String(text, StandardCharsets.UTF_8));
    try {
      Map<?, ?> from = (Map<?, ?>) document;
      if (number(from, "format") != 1) {
        throw new IOException("a description of format " + from.get("format"));
      }
      if (number(from, "sampleBytes") < 0) {
        throw new IOException("a description of samples of " + from.get("sampleBytes") + " B");
      }
      return new SignalAnnouncement(
          text(from, "publisher"),
          Long.parseUnsignedLong(text(from, "epoch"), 16),
          Math.toIntExact(number(from, "number")),
          texts(from.get("path")),
          DescriptorText.signal(from.get("domain")),
          DescriptorText.signal(from.get("signal")),
          Math.toIntExact(number(from, "sampleBytes")),
          definition(from.get("definition")));
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw new IOException("a description that cannot be read: " + e.getMessage(), e);
    }
  }

  private static String text(Map<?, ?> from, String key) {
    return (String) from.get(key);
  }

  private static long number(Map<?, ?> from, String key) {
    return ((Number) from.get(key)).longValue();
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static Map<String, Object> definition(Object document) {
    Map<String, Object> definition = new LinkedHashMap<>();
    ((Map<?, ?>) document).forEach((key, value) -> definition.put((String) key, value));
    return definition;
  }
}
