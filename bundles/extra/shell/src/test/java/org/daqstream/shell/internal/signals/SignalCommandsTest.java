/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.ProviderCommands;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.StubServices;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Before;
import org.junit.Test;

public class SignalCommandsTest {
  private static final String NAME = "client-1";

  private final StubServices services = new StubServices();
  private final StubMonitor monitor = new StubMonitor();

  /** A server with one client and one signal. */
  private static final class StubMonitor implements ServerMonitor {
    private final List<String> disconnected = new ArrayList<>();
    private final List<ClientStatus> clients = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private long sentBytes = 1_000_000;

    @Override
    public String name() {
      return "default";
    }

    @Override
    public List<String> endpoints() {
      return List.of("ws://0.0.0.0:7414/", "http://0.0.0.0:7438/");
    }

    @Override
    public ServerStatus status() {
      return new ServerStatus(
          Instant.EPOCH,
          clients.size(),
          16_777_216,
          3,
          sentBytes,
          sentBytes / 1000,
          Map.of(ServerEvent.CONNECTED, 4L, ServerEvent.TOO_SLOW, 1L),
          List.of(new PublishCost(128, 98), new PublishCost(8192, 2)),
          20_000);
    }

    @Override
    public List<ClientStatus> clients() {
      return clients;
    }

    @Override
    public List<SignalTraffic> signals() {
      return List.of(new SignalTraffic("host/cpu/load", 2, 1, 5000, sentBytes / 1000, sentBytes));
    }

    @Override
    public List<Loss> losses() {
      return losses;
    }

    @Override
    public boolean disconnect(String name, String reason) {
      disconnected.add(name + " " + reason);
      return clients.removeIf(client -> client.name().equals(name));
    }
  }

  @Before
  public void publish() throws Exception {
    SignalDescriptor time = SignalDescriptor.linearTime("host/time", 100_000_000);
    SignalDescriptor load =
        SignalDescriptor.value("host/cpu/load", DataTypes.REAL64)
            .name("CPU load")
            .description("All cores together.")
            .unit(Unit.PERCENT)
            .range(0, 100)
            .build();
    SignalDescriptor events = SignalDescriptor.explicitTime("can/time");
    SignalDescriptor frames =
        SignalDescriptor.value("can/frames", DataTypes.STRUCT).members(CanFrame.MEMBERS).build();
    services.states.add(new SignalState(time, "host/time", 1, true, "", Map.of()));
    services.states.add(
        new SignalState(load, "host/time", 1, true, "", Map.of(WriteResult.ACCEPTED, 12L)));
    services.states.add(new SignalState(events, "can/time", 1, true, "", Map.of()));
    services.states.add(
        new SignalState(frames, "can/time", 1, false, "no writer for the type 'struct'", Map.of()));
    services.monitors.add(monitor);
    monitor.clients.add(client(NAME, 40_000));
  }

  private static ClientStatus client(String name, int port) throws Exception {
    return new ClientStatus(
        name,
        new InetSocketAddress(InetAddress.getByName("192.0.2.7"), port),
        "openDAQ/3.30",
        "standard",
        Instant.EPOCH,
        List.of("host/time", "host/cpu/load"),
        3,
        1_000_000,
        1000,
        0);
  }

  private String refused(DeclaredCommand command, String... arguments) {
    return assertThrows(CommandException.class, () -> services.run(command, arguments))
        .getMessage();
  }

  @Test
  public void listShowsAlsoTheUnavailableAndWhy() throws Exception {
    assertEquals(
        """
        SIGNAL         TYPE    UNIT  RATE       TIME         STATE
        host/time      int64   s     10 Hz      is a domain  available
        host/cpu/load  real64  %     10 Hz      host/time    available
        can/time       int64   s     irregular  is a domain  available
        can/frames     struct  -     irregular  can/time     unavailable: no writer for the type 'struct'
        """,
        services.run(ListSignals.command(services)));
    assertEquals(
        """
        SIGNAL      TYPE    UNIT  RATE       TIME      STATE
        can/frames  struct  -     irregular  can/time  unavailable: no writer for the type 'struct'
        """,
        services.run(ListSignals.command(services), "--unavailable"));
    assertEquals("", services.run(ListSignals.command(services), "nothing like it"));
    assertEquals("none of 4 signals\n", services.err());
  }

  @Test
  public void listTellsWhatIsHiddenFromClients() throws Exception {
    services.states.clear();
    SignalDescriptor time =
        SignalDescriptor.linearTime("time", 100_000_000).toBuilder().isPublic(false).build();
    SignalDescriptor raw = SignalDescriptor.value("raw", "real64").isPublic(false).build();
    services.states.add(new SignalState(time, "time", 1, true, "", Map.of()));
    services.states.add(new SignalState(raw, "time", 1, true, "", Map.of()));
    String hidden =
        """
        SIGNAL  TYPE    UNIT  RATE   TIME         STATE
        time    int64   s     10 Hz  is a domain  hidden
        raw     real64  -     10 Hz  time         hidden
        """;
    assertEquals(hidden, services.run(ListSignals.command(services)));
    assertEquals(hidden, services.run(ListSignals.command(services), "--unavailable"));
    SignalDescriptor shown = SignalDescriptor.value("shown", "real64").build();
    services.states.add(new SignalState(shown, "time", 1, true, "", Map.of()));
    assertEquals(
        """
        SIGNAL  TYPE    UNIT  RATE   TIME         STATE
        time    int64   s     10 Hz  is a domain  available
        raw     real64  -     10 Hz  time         hidden
        shown   real64  -     10 Hz  time         available
        """,
        services.run(ListSignals.command(services)));
  }

  @Test
  public void listAsJson() throws Exception {
    assertEquals(
        """
        [
        {"signalId":"host/cpu/load","name":"CPU load","dataType":"real64","unit":"%","rateHz":10.0,"domain":false,"tableId":"host/time","available":true,"reason":"","public":true}
        ]
        """,
        services.run(ListSignals.command(services), "CPU", "--json"));
    assertEquals("[]\n", services.run(ListSignals.command(services), "nothing", "--json"));
  }

  @Test
  public void infoTellsEverything() throws Exception {
    assertEquals(
        """
        signal           host/cpu/load
        name             CPU load
        description      All cores together.
        state            available
        type             real64, explicit rule
        unit             % (percent, proportion, id 20529)
        range            0.0 to 100.0
        time             host/time
        rate             10 Hz
        tick             1/1000000000 s since 1970-01-01
        blocks ACCEPTED  12
        server default   1 subscriber, 1000 packets, 1 MB, signal number 2
        """,
        services.run(ShowSignal.command(services), "host/cpu/load"));
    assertEquals(
        """
        signal         can/frames
        state          unavailable: no writer for the type 'struct'
        type           struct, explicit rule
        member ArbId   int32
        member Length  int8
        member Data    uint8[64]
        time           can/time
        rate           irregular
        tick           1/1000000000 s since 1970-01-01
        """,
        services.run(ShowSignal.command(services), "can/frames"));
  }

  @Test
  public void infoAsJson() throws Exception {
    SignalDescriptor flags =
        SignalDescriptor.value("flags", DataTypes.BIT_FIELD)
            .bits(DataTypes.UINT8, List.of(new Bit(0, "ready", "")))
            .metadata(Map.of("rack", "7"))
            .build();
    services.states.add(new SignalState(flags, "can/time", 1, true, "", Map.of()));
    assertEquals(
        "{\"signalId\":\"flags\",\"name\":\"flags\",\"description\":\"\",\"available\":true,"
            + "\"reason\":\"\",\"public\":true,\"dataType\":\"bitField\",\"rule\":{\"explicit\":{}},"
            + "\"unit\":{\"unitId\":-1,\"symbol\":\"\",\"name\":\"\",\"quantity\":\"\"},"
            + "\"range\":null,\"postScaling\":null,\"dimensions\":[],\"members\":[],"
            + "\"bitFieldType\":\"uint8\","
            + "\"bits\":[{\"index\":0,\"description\":\"ready\",\"uuid\":\"\"}],"
            + "\"tableId\":\"can/time\",\"rateHz\":null,"
            + "\"resolution\":{\"num\":1,\"denom\":1000000000},\"origin\":\"1970-01-01\","
            + "\"values\":[],\"relatedSignals\":[],\"metadata\":{\"rack\":\"7\"},\"blocks\":{},\"servers\":{}}\n",
        services.run(ShowSignal.command(services), "flags", "--json"));
  }

  @Test
  public void anUnknownSignalIsAnsweredWithSimilarOnes() {
    assertEquals(
        "no signal 'host/cpu/laod'; did you mean 'host/cpu/load'?",
        refused(ShowSignal.command(services), "host/cpu/laod"));
  }

  @Test
  public void clientsAreListedWithTheirRates() throws Exception {
    services.meanwhile =
        () ->
            monitor.clients.replaceAll(
                old ->
                    new ClientStatus(
                        old.name(),
                        old.address(),
                        old.userAgent(),
                        old.profile(),
                        old.connectedAt(),
                        old.signalIds(),
                        old.lagPercent(),
                        old.sentBytes() + 24_600,
                        old.deliveredPackets(),
                        old.pendingBytes()));
    assertEquals(
        """
        SERVER   CLIENT    ADDRESS          PROFILE   SIGNALS       RATE  LAG     SENT  PACKETS  PENDING  CONNECTED             AGENT
        default  client-1  192.0.2.7:40000  standard        2  12.3 kB/s  3 %  1.02 MB     1000      0 B  1970-01-01T00:00:00Z  openDAQ/3.30
        """,
        services.run(ClientCommands.list(services), "--seconds", "2"));
    String one = services.run(ClientCommands.list(services), "192.0.2.7:40000", "--seconds", "0");
    assertEquals(one, true, one.endsWith("\n\nhost/time\nhost/cpu/load\n"));
  }

  @Test
  public void clientsAsJson() throws Exception {
    assertEquals(
        "[\n{\"server\":\"default\",\"name\":\""
            + NAME
            + "\","
            + "\"address\":\"192.0.2.7:40000\",\"profile\":\"standard\","
            + "\"signalIds\":[\"host/time\",\"host/cpu/load\"],\"sentBytesPerSecond\":null,"
            + "\"lagPercent\":3,\"sentBytes\":1000000,\"deliveredPackets\":1000,"
            + "\"pendingBytes\":0,\"connectedAt\":\"1970-01-01T00:00:00.000000000Z\","
            + "\"userAgent\":\"openDAQ/3.30\"}\n]\n",
        services.run(ClientCommands.list(services), "--seconds", "0", "--json"));
    monitor.clients.clear();
    assertEquals("[]\n", services.run(ClientCommands.list(services), "--json"));
    assertEquals("", services.run(ClientCommands.list(services)));
    assertEquals("no client is connected\n", services.err());
  }

  @Test
  public void aClientIsKickedByItsNameWithAReason() throws Exception {
    monitor.clients.add(client(NAME, 40_001));
    assertEquals(
        "2 servers have a client 'client-1': give its address",
        refused(ClientCommands.kick(services), NAME));
    monitor.clients.remove(1);
    assertEquals("no client ''", refused(ClientCommands.kick(services), ""));
    monitor.clients.add(client("client-11", 40_001));
    assertEquals(
        "disconnected " + NAME + " at 192.0.2.7:40000: too many of you\n",
        services.run(ClientCommands.kick(services), NAME, "too", "many", "of", "you"));
    assertEquals(List.of(NAME + " too many of you"), monitor.disconnected);
    assertEquals(
        "no client '192.0.2.7:40000'; did you mean '192.0.2.7:40001'?",
        refused(ClientCommands.kick(services), "192.0.2.7:40000"));
  }

  @Test
  public void lossesAreListed() throws Exception {
    assertEquals("", services.run(ListLosses.command(services)));
    assertEquals("no client has lost anything\n", services.err());
    monitor.losses.add(new Loss(Instant.EPOCH, NAME, "host/cpu/load", 5, 25, 500, 2_500, "behind"));
    assertEquals(
        "SERVER   CLIENT    SIGNAL         FROM ROW  TO ROW  FROM TICK  TO TICK  AT\n"
            + "default  client-1  host/cpu/load         5      25        500     2500  "
            + "1970-01-01T00:00:00Z\n",
        services.run(ListLosses.command(services)));
    assertEquals(
        "[\n{\"server\":\"default\",\"client\":\"client-1\",\"signalId\":\"host/cpu/load\","
            + "\"fromRow\":5,\"toRow\":25,\"fromTick\":500,\"toTick\":2500,"
            + "\"at\":\"1970-01-01T00:00:00.000000000Z\"}\n]\n",
        services.run(ListLosses.command(services), "--json"));
  }

  @Test
  public void statisticsAreTold() throws Exception {
    services.meanwhile = () -> monitor.sentBytes += 500_000;
    assertEquals(
        """
        server default on ws://0.0.0.0:7414/ and http://0.0.0.0:7438/
          since 1970-01-01T00:00:00Z, clients 1, log of 16.8 MB, slowest client 3 % behind
          sent 1.50 MB (500 kB/s) in 1500 packets (500 /s)
          events: CONNECTED 4, TOO_SLOW 1
          publishing a block: less than 128 ns for half of them, 8.19 µs for 99 %; 100 timed

        SIGNAL         NUMBER  SUBSCRIBERS  END ROW  PACKETS    RATE    BYTES      RATE
        host/cpu/load       2            1     5000     1500  500 /s  1.50 MB  500 kB/s
        """,
        services.run(ShowStatistics.command(services)));
    assertEquals(
        "[\n"
            + "{\"server\":\"default\",\"endpoints\":[\"ws://0.0.0.0:7414/\",\"http://0.0.0.0:7438/\"],"
            + "\"startedAt\":\"1970-01-01T00:00:00.000000000Z\",\"clients\":1,"
            + "\"ringBytes\":16777216,\"lagPercent\":3,\"sentBytes\":1500000,"
            + "\"sentBytesPerSecond\":null,\"deliveredPackets\":1500,"
            + "\"deliveredPacketsPerSecond\":null,\"events\":{\"CONNECTED\":4,\"DISCONNECTED\":0,"
            + "\"TOO_SLOW\":1,\"REFUSED\":0,\"NOT_ACCEPTED\":0,\"BLOCK_TOO_LARGE\":0,"
            + "\"MALFORMED\":0,\"BAD_REQUEST\":0,\"PROTOCOL_VIOLATION\":0,\"SAMPLE_TOO_LARGE\":0,\"SILENT\":0,\"GAP\":0},"
            + "\"publishCosts\":[{\"limitNanos\":128,\"count\":98},{\"limitNanos\":8192,\"count\":2}],\"signals\":[]}\n"
            + "]\n",
        services.run(ShowStatistics.command(services), "nothing", "--seconds", "0", "--json"));
  }

  @Test
  public void writersAreListedWithTheTypesThatHaveNone() throws Exception {
    services.writers.add(new Services.Provider(List.of("real64"), 7, 31, "org.example.mine 1.0.0"));
    services.writers.add(
        new Services.Provider(
            List.of("int8", "real64"), 0, 20, "org.daqstream.writer.numeric 0.1.0"));
    assertEquals(
        """
        TYPE    SIGNALS  RANKING  SERVICE  BUNDLE
        int8          0        0       20  org.daqstream.writer.numeric 0.1.0
        real64        1        7       31  org.example.mine 1.0.0
        real64        1        0       20  org.daqstream.writer.numeric 0.1.0
        struct        1        -        -  no writer
        """,
        services.run(ProviderCommands.dataTypes(services)));
    services.states.clear();
    services.writers.remove(1);
    assertEquals(
        """
        [
        {"dataType":"real64","signals":0,"ranking":7,"serviceId":31,"bundle":"org.example.mine 1.0.0"}
        ]
        """,
        services.run(ProviderCommands.dataTypes(services), "--json"));
  }

  @Test
  public void idsAreCompleted() {
    List<String> ids = List.of("host/time", "host/cpu/load", "can/time", "can/frames");
    assertEquals(ids, ShowSignal.command(services).complete(List.of("")));
    assertEquals(
        List.of("host/cpu/load", "can/frames"), TapSignal.command(services).complete(List.of("h")));
    assertEquals(
        List.of(NAME, "192.0.2.7:40000"), ClientCommands.kick(services).complete(List.of("")));
    assertEquals(List.of(), ClientCommands.kick(services).complete(List.of("x", "")));
  }
}
