/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Readers;
import org.daqstream.ops.api.Metric;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.junit.Test;

/** What Prometheus gets. */
public class PageTest {
  private final Bench bench = new Bench();

  private String page() {
    return page(Map.of());
  }

  private String page(Map<String, ?> configuration) {
    return PrometheusText.of(bench.collect(configuration).toList());
  }

  private void assertLine(String line) {
    assertTrue(page(), page().lines().anyMatch(line::equals));
  }

  @Test
  public void aWholePageIsAsItWasWritten() throws Exception {
    bench.server.clients.add(FakeServer.client("c1", "scope/1", 50));
    bench.server.signals.add(new SignalTraffic("v", 2, 1, 20, 10, 160));
    bench.server.events.put(ServerEvent.TOO_SLOW, 2L);
    bench.server.sentBytes = 9_007_199_254_740_991L;
    bench.addSignal("v", true, "");
    bench.addStream(3);
    try (InputStream golden = PageTest.class.getResourceAsStream("page.txt")) {
      assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), page());
    }
  }

  @Test
  public void pageSaysWhatItIs() {
    MetricsPage page = new MetricsPage(() -> bench.collect(), Readers.of("metricsFrom", List.of()));
    assertEquals("text/plain; version=0.0.4; charset=utf-8", page.contentType());
    bench.addSignal("µ", true, "");
    assertTrue(new String(page.body(), StandardCharsets.UTF_8).contains("signal=\"µ\""));
  }

  @Test
  public void whatAPeerOrASourceSaysCannotBreakALine() {
    bench.server.clients.add(FakeServer.client("c1", "a\"b\\c\nd{e=\"f\"}", 0));
    assertLine(
        "daqstream_client_info{server=\"bench\",client=\"c1\",address=\"127.0.0.1:4711\","
            + "profile=\"LT\",user_agent=\"a\\\"b\\\\c\\nd{e=\\\"f\\\"}\"} 1");
    bench.addSignal("w", false, "no writer\nfor \"x\"");
    assertLine(
        "daqstream_signal_info{signal=\"w\",table=\"time\",data_type=\"real64\","
            + "reason=\"no writer\\nfor \\\"x\\\"\"} 1");
  }

  @Test
  public void numbersAreWholeFractionsOrInfinite() {
    Metric odd =
        new Metric(
            "odd",
            Metric.Type.GAUGE,
            "a\\b\nc \"d\"",
            List.of(),
            List.of(
                new Metric.Sample(List.of(), -3, List.of()),
                new Metric.Sample(List.of(), 0.1, List.of()),
                new Metric.Sample(List.of(), Double.NaN, List.of()),
                new Metric.Sample(List.of(), Double.POSITIVE_INFINITY, List.of()),
                new Metric.Sample(List.of(), 1e300, List.of())));
    assertEquals(
        """
        # HELP odd a\\\\b\\nc "d"
        # TYPE odd gauge
        odd -3
        odd 0.1
        odd NaN
        odd +Inf
        odd 1.0E300
        """,
        PrometheusText.of(List.of(odd)));
  }

  @Test
  public void beyondTheLimitsOnlyTheNumberIsTold() {
    for (int i = 0; i < 5; i++) {
      bench.server.clients.add(FakeServer.client("c" + i, "x", 0));
      bench.server.signals.add(new SignalTraffic("s" + i, i + 1, 0, 0, 0, 0));
      bench.addSignal("s" + i, true, "");
      bench.addStream(i);
    }
    String page = page(Map.of("clientsMax", 2, "signalsMax", "1", "streamsMax", 0));
    assertTrue(page, page.contains("daqstream_client_lag_ratio{server=\"bench\",client=\"c1\"} 0"));
    String client = "{server=\"bench\",client=\"c1\"";
    assertTrue(page, page.contains("daqstream_client_lag_bytes" + client + "} 4096"));
    assertTrue(page, page.contains("daqstream_client_lag_seconds" + client + "} 0.25"));
    assertTrue(page, page.contains("daqstream_client_holes_total" + client + "} 7"));
    assertTrue(
        page, page.contains("daqstream_client_contract_info" + client + ",contract=\"gap\"} 1"));
    assertFalse(page, page.contains("client=\"c2\""));
    assertTrue(page, page.contains("daqstream_signal_available{signal=\"s0\"} 1"));
    assertTrue(page, page.contains("daqstream_signal_bytes_total{server=\"bench\",signal=\"s0\"}"));
    assertFalse(page, page.contains("signal=\"s1\""));
    assertFalse(page, page.contains("daqstream_stream_"));
    assertTrue(page, page.contains("daqstream_metrics_left_out{kind=\"clients\"} 3\n"));
    assertTrue(page, page.contains("daqstream_metrics_left_out{kind=\"signals\"} 4\n"));
    assertTrue(page, page.contains("daqstream_metrics_left_out{kind=\"streams\"} 5\n"));
    assertTrue(page, page.contains("daqstream_server_clients{server=\"bench\"} 5\n"));
  }

  @Test
  public void modulesThatAreConnectedTellWhatWentOverIt() {
    bench.moduleHosts.add(bench.new Host());
    bench.traffic.add(
        new ModuleTraffic(
            "echo", "remote", "python3", Instant.ofEpochSecond(1_796_000_000), 1, 2, 3, 4, 5));
    String of = "{instance=\"echo\",kind=\"remote\"} ";
    assertLine("daqstream_module_connected_time_seconds" + of + "1796000000");
    assertLine("daqstream_module_received_messages_total" + of + "1");
    assertLine("daqstream_module_received_bytes_total" + of + "2");
    assertLine("daqstream_module_sent_messages_total" + of + "3");
    assertLine("daqstream_module_sent_bytes_total" + of + "4");
    assertLine("daqstream_module_lost_messages_total" + of + "5");
    assertLine("daqstream_modules_refused_total 8");
  }

  @Test
  public void modulesTellWhatTheyTake() {
    bench.moduleHosts.add(bench.new Host());
    bench.modules.add(
        new ModuleStatus(
            "filter", "wasm", State.RUNNING, "", "", "", 0, 131_072, 2_500_000_000L, 7, 1, 2));
    bench.modules.add(
        new ModuleStatus("other", "remote", State.FAILED, "x", "", "", 0, -1, -1, 0, 3, 0));
    assertLine("daqstream_module_state{instance=\"filter\",kind=\"wasm\",state=\"running\"} 1");
    assertLine("daqstream_module_state{instance=\"other\",kind=\"remote\",state=\"running\"} 0");
    assertLine("daqstream_module_memory_bytes{instance=\"filter\",kind=\"wasm\"} 131072");
    assertLine("daqstream_module_busy_seconds_total{instance=\"filter\",kind=\"wasm\"} 2.5");
    assertLine("daqstream_module_failures_total{instance=\"other\",kind=\"remote\"} 3");
  }

  @Test
  public void relaysTellHowFarBehindTheyAreAndWhatIsMissing() {
    bench.relays.add(
        () ->
            new RelayStatus(
                "hall",
                "nats",
                RelayStatus.Direction.IN,
                "n1 at 127.0.0.1:4222",
                1,
                2,
                3,
                4,
                5,
                6,
                "",
                List.of(
                    new RelayStatus.RelayedSignal("a", "x", true, 20, 5),
                    new RelayStatus.RelayedSignal("b", "x", true, 1500, 0),
                    new RelayStatus.RelayedSignal("c", "x", false, RelayStatus.UNKNOWN, 0))));
    assertLine(
        "daqstream_relay_info{relay=\"hall\",direction=\"in\",kind=\"nats\","
            + "peer=\"n1 at 127.0.0.1:4222\"} 1");
    assertLine("daqstream_relay_connected{relay=\"hall\",direction=\"in\"} 1");
    assertLine("daqstream_relay_wanted_signals{relay=\"hall\",direction=\"in\"} 2");
    assertLine("daqstream_relay_missing_samples_total{relay=\"hall\",direction=\"in\"} 5");
    assertLine("daqstream_relay_behind_seconds{relay=\"hall\",direction=\"in\"} 1.5");
  }

  @Test
  public void recordersTellWhatTheyDo() {
    bench.addRecorder(
        "line",
        new RecorderStatus(
            RecorderState.DISK_FULL,
            "",
            "parquet",
            "/rec",
            3,
            9,
            1,
            8,
            1,
            2,
            7,
            0.5,
            -1,
            List.of()));
    assertLine("daqstream_recorder_state{recorder=\"line\",state=\"disk_full\"} 1");
    assertLine("daqstream_recorder_state{recorder=\"line\",state=\"recording\"} 0");
    assertLine("daqstream_recorder_lost_samples_total{recorder=\"line\"} 7");
    assertLine("daqstream_recorder_buffered_ratio{recorder=\"line\"} 0.5");
    assertFalse(page(), page().contains("daqstream_recorder_disk_free_bytes"));
  }

  @Test
  public void aServerThatDoesNotAnswerIsDownAndTheRestIsTold() {
    bench.server.stopped = true;
    bench.addSignal("v", true, "");
    assertLine("daqstream_server_up{server=\"bench\"} 0");
    assertLine("daqstream_signal_available{signal=\"v\"} 1");
    assertFalse(page(), page().contains("daqstream_server_clients"));
  }

  @Test
  public void withNothingToMeasureThereIsAPage() {
    bench.servers.clear();
    bench.registries.clear();
    bench.registers.clear();
    assertEquals(5, page().lines().count());
  }
}
