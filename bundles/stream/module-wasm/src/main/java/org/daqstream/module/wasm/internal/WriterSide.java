/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.List;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;

/** What a writer gets from the host: no streams and no timer. */
final class WriterSide implements ModuleSide {
  private final ModuleSettings settings;
  private final ModuleLog log;
  private final SteadyClock clock = new SteadyClock();

  WriterSide(ModuleSettings settings) {
    this.settings = settings;
    this.log = new ModuleLog(settings);
  }

  @Override
  public int open(String name, StreamDirection direction) {
    return ModuleSide.refusal(StreamResult.NOTSUP);
  }

  @Override
  public int write(int handle, byte[] message) {
    return StreamResult.INVAL.number();
  }

  @Override
  public int close(int handle, int flushMs) {
    return StreamResult.INVAL.number();
  }

  @Override
  public List<String> arguments() {
    return settings.arguments();
  }

  @Override
  public long wallNanos() {
    return clock.getAsLong();
  }

  @Override
  public long log(int level, String line) {
    log.say(level, line);
    return 0;
  }

  @Override
  public long timer(int ms) {
    throw new HostTrap("a writer has no timer");
  }
}
