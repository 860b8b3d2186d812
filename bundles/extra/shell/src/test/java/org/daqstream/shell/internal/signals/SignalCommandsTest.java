/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.daqstream.shell.internal.ProviderCommands;
import org.daqstream.shell.internal.Services;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.relay.RelayStatus;
import org.junit.Test;

public class SignalCommandsTest extends ServersBench {
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

  private static RelayStatus relay() {
    return new RelayStatus(
        "hall",
        "nats",
        RelayStatus.Direction.IN,
        "n1 at 127.0.0.1:4222",
        10,
        20,
        2_000,
        4_096,
        7,
        3,
        "",
        List.of(new RelayStatus.RelayedSignal("host/cpu/load", "press-1", true, 12, 7)));
  }

  @Test
  public void listTellsWhereSignalsComeFromAndHowFarBehindTheyAre() throws Exception {
    services.relays.add(SignalCommandsTest::relay);
    assertEquals(
        """
        SIGNAL         TYPE    UNIT  RATE   TIME       FROM     BEHIND  STATE
        host/cpu/load  real64  %     10 Hz  host/time  press-1   12 ms  available
        """,
        services.run(ListSignals.command(services), "CPU"));
    assertEquals(
        """
        RELAY  OVER  WAY  CONNECTED TO          SIGNALS  WANTED  MESSAGES  SAMPLES    BYTES  MISSING  FILLED  PROBLEM
        hall   nats  in   n1 at 127.0.0.1:4222        1       1        10     2000  4.10 kB        7       3  -
        """,
        services.run(ListRelays.command(services)));
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
            + "\"resolution\":{\"num\":1,\"denom\":1000000000},\"origin\":\"1970-01-01\",\"values\":[],\"relatedSignals\":[],\"metadata\":{\"rack\":\"7\"},\"blocks\":{},\"servers\":{}}\n",
        services.run(ShowSignal.command(services), "flags", "--json"));
  }

  @Test
  public void anUnknownSignalIsAnsweredWithSimilarOnes() {
    assertEquals(
        "no signal 'host/cpu/laod'; did you mean 'host/cpu/load'?",
        refused(ShowSignal.command(services), "host/cpu/laod"));
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
