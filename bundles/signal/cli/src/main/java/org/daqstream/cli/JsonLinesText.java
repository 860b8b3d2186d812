/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;

/** An object on a line for each sample and each gap. */
final class JsonLinesText implements SampleText {
  private final Map<String, RemoteSignal> signals;
  private final TimeForm form;
  private final Lines lines;
  private final Function<Object, String> json;
  private final SampleTimes times;
  private final Map<String, SampleSlices> slices = new HashMap<>();

  /**
   * For these signals.
   *
   * @param json makes a line of an object
   */
  JsonLinesText(
      Map<String, RemoteSignal> signals,
      TimeForm form,
      Lines lines,
      Function<Object, String> json) {
    this.signals = signals;
    this.form = form;
    this.lines = lines;
    this.json = json;
    times = new SampleTimes(form);
  }

  @Override
  public void begin() {}

  @Override
  public int block(String signalId, SampleBlock block, int count) throws IOException {
    SampleSlices decoded = slices.computeIfAbsent(signalId, id -> new SampleSlices());
    for (int i = 0; i < count; i++) {
      Map<String, Object> object = new LinkedHashMap<>();
      if (block.hasTicks()) {
        putTime(object, block.signal(), block.tick(i));
      }
      object.put("signalId", signalId);
      object.put("row", block.row() + i);
      object.put("value", decoded.value(block, i));
      lines.line(json.apply(object));
    }
    return count;
  }

  private void putTime(Map<String, Object> object, RemoteSignal signal, long tick) {
    String text = times.text(signal, tick);
    if (form == TimeForm.ISO) {
      object.put(form.heading(), text);
    } else if (!text.isEmpty()) {
      object.put(form.heading(), Long.valueOf(text));
    }
  }

  @Override
  public void gap(String signalId, Gap gap) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    if (gap.isTimeKnown()) {
      putTime(object, signals.get(signalId), gap.fromTick());
    }
    object.put("signalId", signalId);
    object.put("gap", gap);
    lines.line(json.apply(object));
  }
}
