/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A writer is asked once what a block takes, whatever the number of servers, clients, recorders.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AskedOnceIT {
  private static final String FIXED = "asked-fixed";
  private static final String VARIABLE = "asked-variable";
  private static final int BLOCKS = 200;
  private static final int DELTA = 1_000_000;

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private SignalRegistry registry;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<org.osgi.service.cm.Configuration> servers = new ArrayList<>();
  private final List<SignalClient> clients = new ArrayList<>();
  private ServiceRegistration<SignalWriterFactory> factory;
  private SignalTable table;
  private int questions; // of all writers; written by the publisher, which is the test

  /** Numbers, of a fixed size; or bytes, of which each sample is an array. */
  private final class CountingWriter implements SignalWriter {
    private final boolean fixed;

    CountingWriter(SignalDescriptor descriptor) {
      fixed = descriptor.dataType().equals(FIXED);
    }

    @Override
    public int sampleBytes() {
      return fixed ? Double.BYTES : SignalWriter.VARIABLE;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", fixed ? DataTypes.REAL64 : DataTypes.BINARY);
    }

    @Override
    public Object newSample() {
      return fixed ? new double[1] : null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      questions++;
      int bytes = fixed ? count * Double.BYTES : 0;
      for (int i = offset; !fixed && i < offset + count; i++) {
        bytes += ((byte[][]) samples)[i].length;
      }
      return bytes;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      for (int i = offset; i < offset + count; i++) {
        if (fixed) {
          target.putDouble(((double[]) samples)[i]);
        } else {
          target.put(((byte[][]) samples)[i]);
        }
      }
    }
  }

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void addWriter() throws Exception {
    factory =
        context.registerService(
            SignalWriterFactory.class,
            CountingWriter::new,
            FrameworkUtil.asDictionary(
                Map.of(SignalWriterFactory.SIGNAL_DATATYPE, new String[] {FIXED, VARIABLE})));
    table = registry.openTable(SignalDescriptor.linearTime("asked/time", DELTA));
    addServer(configurationAdmin.getConfiguration("org.daqstream.server", "?"));
  }

  @After
  public void removeAll() throws Exception {
    clients.forEach(SignalClient::close);
    table.close();
    factory.unregister();
    for (org.osgi.service.cm.Configuration each : servers) {
      each.delete();
    }
  }

  private void addServer(org.osgi.service.cm.Configuration server) throws Exception {
    server.update(
        FrameworkUtil.asDictionary(Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0)));
    servers.add(server);
    await("its server", () -> endpoints().size() == servers.size());
  }

  /** Of each configured server: URL of sessions and of commands. */
  private List<String[]> endpoints() throws Exception {
    List<String[]> endpoints = new ArrayList<>();
    for (ServiceReference<ServerMonitor> each :
        context.getServiceReferences(
            ServerMonitor.class, "(!(daqstream.endpoints=ws://127.0.0.1:7414/))")) {
      endpoints.add((String[]) each.getProperty(ServerMonitor.ENDPOINTS));
    }
    return endpoints;
  }

  /** A client of each server that wants the signal so. */
  private void subscribe(String signalId) throws Exception {
    for (String[] server : endpoints()) {
      SignalClient client = new SignalClient(server[0], server[1]);
      clients.add(client);
      await(
          "subscription of " + signalId,
          () -> client.command("subscribe", signalId).equals("200 Succeeded"));
    }
  }

  @Test
  public void byOneServerForClientsOfAllContracts() throws Exception {
    assertAskedOnce();
  }

  @Test
  public void byTwoServers() throws Exception {
    addServer(configurationAdmin.createFactoryConfiguration("org.daqstream.server", "?"));
    assertAskedOnce();
  }

  @Test
  public void byARecorder() throws Exception {
    org.osgi.service.cm.Configuration recorder =
        configurationAdmin.createFactoryConfiguration("org.daqstream.recorder", "?");
    servers.add(recorder);
    recorder.update(
        FrameworkUtil.asDictionary(
            Map.of("folder", folder.getRoot().toString(), "signals", "asked/**", "format", "csv")));
    SignalPort fixed = table.open(SignalDescriptor.value("asked/number", FIXED).build());
    await("the recorder", fixed::hasSubscriber);
    for (int i = 0; i < BLOCKS; i++) {
      assertEquals(WriteResult.ACCEPTED, fixed.write(i * 4L * DELTA, new double[4], 0, 4));
    }
    assertEquals("for as many blocks", BLOCKS, questions);
    ServiceReference<Recorder> service = context.getServiceReference(Recorder.class);
    await("all of it", () -> context.getService(service).status().samples() == 4L * BLOCKS);
  }

  private void subscribeInAllContracts() throws Exception {
    subscribe("asked/number");
    subscribe("asked/number?contract=gap");
    subscribe("asked/number?contract=latest&perSecond=50");
    subscribe("asked/number?contract=envelope&perSecond=50");
    subscribe("asked/bytes");
    subscribe("asked/bytes?contract=gap");
    subscribe("asked/bytes?contract=latest&perSecond=50");
  }

  private void assertAskedOnce() throws Exception {
    SignalPort fixed = table.open(SignalDescriptor.value("asked/number", FIXED).build());
    SignalPort variable =
        table.open(SignalDescriptor.value("asked/bytes", VARIABLE).replayLast(true).build());
    subscribeInAllContracts();
    questions = 0;
    for (int i = 0; i < BLOCKS; i++) {
      long tick = i * 4L * DELTA;
      assertEquals(WriteResult.ACCEPTED, fixed.write(tick, new double[4], 0, 4));
      assertEquals(WriteResult.ACCEPTED, variable.write(tick, new byte[][] {{1, 2}}, 0, 1));
    }
    assertEquals("for as many blocks of each", 2 * BLOCKS, questions);
    questions = 0;
    for (int i = BLOCKS; i < 2 * BLOCKS; i++) {
      byte[][] three = {{1}, {2, 3}, {4, 5, 6}};
      assertEquals(WriteResult.ACCEPTED, variable.write(i * 4L * DELTA, three, 0, 3));
    }
    assertEquals("for blocks whose samples travel alone", BLOCKS, questions);
    for (SignalClient client : clients) {
      client.await("data", packet -> packet.data() != null);
    }
  }
}
