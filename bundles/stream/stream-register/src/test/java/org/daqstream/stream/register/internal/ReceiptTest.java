/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.spi.Receipt;
import org.junit.Test;

/** What a transport hears of data that it must be sure of. */
public class ReceiptTest extends InstanceBench {
  @Test
  public void aReceiptTellsWhetherTheModuleGotIt() throws StreamException {
    List<String> told = new ArrayList<>();
    int handle =
        client.openInput(
            "in",
            (peer, data) -> {
              if (data.remaining() == 2) {
                throw new IllegalStateException("two bytes");
              }
            });
    FakeTransport.Input input = transport.lastInput();
    for (int length = 1; length <= 4; length++) {
      input.sink.data(1, ByteBuffer.allocate(length), new NotedReceipt(length, told));
    }
    client.processEvent(0);
    client.processEvent(0);
    assertEquals(List.of("got 1", "got 2"), told);
    client.close(handle);
    input.sink.data(1, ByteBuffer.allocate(5), new NotedReceipt(5, told));
    client.processEvent(0);
    assertEquals(
        List.of("got 1", "got 2", "not 3", "not 4", "not 5"), told.stream().sorted().toList());
  }

  private record NotedReceipt(int number, List<String> told) implements Receipt {
    @Override
    public void run() {
      told.add("got " + number);
    }

    @Override
    public void undelivered() {
      told.add("not " + number);
    }
  }
}
