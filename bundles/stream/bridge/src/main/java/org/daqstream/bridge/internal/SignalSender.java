/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamRegister;

/** Sends the blocks of one signal on an output stream, which it opens and keeps open. */
final class SignalSender implements SignalSink, AutoCloseable {
  private final SignalToStream.Settings settings;
  private final StreamClient client;
  private final StreamKeeper keeper;
  private final DropLog drops;

  SignalSender(StreamRegister streams, SignalToStream.Settings settings) {
    this.settings = settings;
    String name =
        "signal " + settings.signalId() + " to " + settings.instance() + "/" + settings.stream();
    drops = new DropLog(name);
    client = streams.client(settings.instance());
    keeper =
        new StreamKeeper(
            client,
            name,
            settings.retryMs(),
            listener -> client.openOutput(settings.stream(), listener));
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(domain);
  }

  long dropped() {
    return drops.dropped();
  }

  /** The signal may be of any table. */
  private final class Table implements TableTap {
    private SignalDescriptor domain;
    private BlockSender sender;

    Table(SignalDescriptor domain) {
      this.domain = domain;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      if (!value.signalId().equals(settings.signalId())) {
        return SignalTap.IGNORING;
      }
      sender = new BlockSender(client, keeper, settings.frame(), settings.maxMessageBytes(), drops);
      sender.domain(domain);
      sender.update(value, writer);
      return sender;
    }

    @Override
    public void updateDomain(SignalDescriptor changed) {
      domain = changed;
      if (sender != null) {
        sender.domain(changed);
      }
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    keeper.close();
    drops.close();
  }
}
