/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.List;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.junit.Test;

/** What the commands tell of servers and their clients. */
public class ServerCommandsTest extends ServersBench {
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
        SERVER   CLIENT    ADDRESS          PROFILE   SIGNALS       RATE  LAG  BEHIND  BYTES  THEN        HOLES     SENT  PACKETS  PENDING  CONNECTED             AGENT
        default  client-1  192.0.2.7:40000  standard        2  12.3 kB/s  3 %    0 ms    0 B  disconnect      0  1.02 MB     1000      0 B  1970-01-01T00:00:00Z  openDAQ/3.30
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
            + "\"lagPercent\":3,\"lagMs\":0,\"lagBytes\":0,\"contract\":\"disconnect\",\"holes\":0,"
            + "\"sentBytes\":1000000,\"deliveredPackets\":1000,"
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
        "SERVER   CLIENT    SIGNAL         FROM ROW  TO ROW  FROM TICK  TO TICK  AT                    WHY\n"
            + "default  client-1  host/cpu/load         5      25        500     2500  "
            + "1970-01-01T00:00:00Z  behind\n",
        services.run(ListLosses.command(services)));
    assertEquals(
        "[\n{\"server\":\"default\",\"client\":\"client-1\",\"signalId\":\"host/cpu/load\","
            + "\"fromRow\":5,\"toRow\":25,\"fromTick\":500,\"toTick\":2500,"
            + "\"at\":\"1970-01-01T00:00:00.000000000Z\",\"reason\":\"behind\"}\n]\n",
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
            + "\"MALFORMED\":0,\"BAD_REQUEST\":0,\"PROTOCOL_VIOLATION\":0,\"SAMPLE_TOO_LARGE\":0,\"SILENT\":0,\"GAP\":0,\"DENIED\":0},\"publishCosts\":[{\"limitNanos\":128,\"count\":98},{\"limitNanos\":8192,\"count\":2}],\"signals\":[]}\n"
            + "]\n",
        services.run(ShowStatistics.command(services), "nothing", "--seconds", "0", "--json"));
  }
}
