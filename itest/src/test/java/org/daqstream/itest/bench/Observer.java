/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Reads the page of metrics and every MBean, once a second. */
final class Observer implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpClient http = HttpClient.newHttpClient();
  private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
  private final URI page;
  private final Thread thread = new Thread(this::run, "observer");
  private volatile boolean stopped;

  Observer(Endpoint endpoint) {
    page = URI.create("http://" + endpoint.host() + ":" + endpoint.port() + "/metrics");
    thread.start();
  }

  private void run() {
    try {
      while (!stopped) {
        long next = System.nanoTime() + PERIOD_NANOS;
        readPage();
        for (ObjectName bean : jmx.queryNames(new ObjectName("org.daqstream:*"), null)) {
          MBeanAttributeInfo[] attributes = jmx.getMBeanInfo(bean).getAttributes();
          jmx.getAttributes(
              bean,
              Arrays.stream(attributes).map(MBeanAttributeInfo::getName).toArray(String[]::new));
        }
        while (!stopped && System.nanoTime() < next) {
          Pause.millis(10);
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException("metrics cannot be read", e);
    }
  }

  private void readPage() throws Exception {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(page + " answers " + response.statusCode());
    }
  }

  @Override
  public void close() {
    stopped = true;
    Pause.untilEnd(thread);
  }
}
