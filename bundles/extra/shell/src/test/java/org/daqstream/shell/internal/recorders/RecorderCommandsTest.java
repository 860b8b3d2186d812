/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.recorders;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.StubServices;
import org.junit.Before;
import org.junit.Test;

public class RecorderCommandsTest {
  private final StubServices services = new StubServices();
  private RecorderState state = RecorderState.RECORDING;

  private final class Stub implements Recorder {
    @Override
    public String name() {
      return "line";
    }

    @Override
    public RecorderStatus status() {
      return new RecorderStatus(
          state,
          "",
          "parquet",
          "/srv/rec",
          2,
          1_000,
          100,
          12_300,
          800,
          1,
          7,
          0.25,
          5_000_000,
          List.of(new RecordedFile("line.a.parquet", 12_300, false)));
    }

    @Override
    public void start() {
      state = RecorderState.RECORDING;
    }

    @Override
    public void stop() {
      state = RecorderState.STOPPED;
    }
  }

  @Before
  public void setUp() {
    services.recorders.add(new Stub());
  }

  @Test
  public void recordersAreListed() throws Exception {
    String list = services.run(RecorderCommands.list(services));
    assertTrue(list, list.contains("line      recording  /srv/rec        2     1000  12.3 kB"));
    assertTrue(list, list.contains("5 MB"));
    String json = services.run(RecorderCommands.list(services), "--json");
    assertTrue(json, json.contains("\"state\":\"recording\""));
    assertTrue(json, json.contains("\"lostSamples\":7"));
  }

  @Test
  public void oneIsShownWithItsFiles() throws Exception {
    String text = services.run(RecorderCommands.status(services), "line");
    assertTrue(text, text.contains("1, 7 samples left out"));
    assertTrue(text, text.contains("line.a.parquet  12.3 kB, not complete yet"));
    String json = services.run(RecorderCommands.status(services), "line", "--json");
    assertTrue(json, json.contains("\"name\":\"line.a.parquet\""));
  }

  @Test
  public void oneEndsAndBegins() throws Exception {
    assertEquals("ended: line\n", services.run(RecorderCommands.end(services), "line"));
    assertEquals(RecorderState.STOPPED, state);
    assertEquals("begun: line\n", services.run(RecorderCommands.begin(services), "line"));
    assertEquals(RecorderState.RECORDING, state);
    assertEquals(List.of("line"), RecorderCommands.end(services).complete(List.of("")));
  }

  @Test
  public void oneThatIsNotThereIsSaid() {
    String message =
        assertThrows(
                CommandException.class, () -> services.run(RecorderCommands.end(services), "lime"))
            .getMessage();
    assertTrue(message, message.contains("'lime'") && message.contains("line"));
    services.recorders.clear();
    message =
        assertThrows(
                CommandException.class, () -> services.run(RecorderCommands.end(services), "line"))
            .getMessage();
    assertTrue(message, message.contains("org.daqstream.recorder-<name>.cfg"));
  }
}
