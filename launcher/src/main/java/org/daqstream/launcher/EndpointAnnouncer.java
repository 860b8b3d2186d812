/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Says where a server listens and how many signals it offers, at the start and whenever a server
 * comes or changes. A server is any service with the property {@value #ENDPOINTS}.
 */
final class EndpointAnnouncer extends ServiceTracker<Object, ServiceReference<Object>> {
  /** Addresses as an array of URLs, for example {@code ws://0.0.0.0:7414/}. */
  static final String ENDPOINTS = "daqstream.endpoints";

  /** Who may read, in words. */
  private static final String ACCESS = "daqstream.access";

  private static final String PAGE = "org.daqstream.server.api.HttpPage";

  private final PrintStream out;
  private final StateFiles files;
  private final Map<ServiceReference<Object>, String> listening = new LinkedHashMap<>();
  private final SignalCount signalCount;
  private final CountDownLatch first = new CountDownLatch(1);

  EndpointAnnouncer(BundleContext context, PrintStream out, StateFiles files) {
    super(context, serverFilter(), null);
    this.out = out;
    this.files = files;
    this.signalCount = new SignalCount(context);
  }

  private static Filter serverFilter() {
    try {
      return FrameworkUtil.createFilter("(" + ENDPOINTS + "=*)");
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Blocks until the first server listens or the time is over; tells whether one does. */
  boolean start(long timeoutMs) throws InterruptedException {
    signalCount.awaitSettled();
    open();
    if (first.await(timeoutMs, TimeUnit.MILLISECONDS)) {
      return true;
    }
    writeState();
    return false;
  }

  @Override
  public ServiceReference<Object> addingService(ServiceReference<Object> server) {
    print(server);
    first.countDown();
    return server;
  }

  @Override
  public void modifiedService(ServiceReference<Object> server, ServiceReference<Object> same) {
    print(server);
  }

  @Override
  public synchronized void removedService(
      ServiceReference<Object> server, ServiceReference<Object> same) {
    out.println("daqstream: no longer " + listening.remove(server));
    writeState();
  }

  private synchronized void print(ServiceReference<Object> server) {
    List<String> endpoints = endpoints(server);
    if (hasViewer()) {
      pageAddress(endpoints).ifPresent(url -> out.println("daqstream: see the signals at " + url));
    }
    String access = access(server);
    out.println(line(endpoints, signalCount.available()) + access);
    listening.put(server, line(endpoints) + access);
    writeState();
  }

  /** Whether servers answer with a page at their root. */
  private boolean hasViewer() {
    try {
      return context.getServiceReferences(PAGE, "(daqstream.http.path=/)") != null;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a browser on this machine finds the page. */
  static Optional<String> pageAddress(List<String> endpoints) {
    return endpoints.stream()
        .filter(url -> url.startsWith("http"))
        .map(url -> url.replaceFirst("//(0\\.0\\.0\\.0|\\[[0:]+])(?=[:/])", "//localhost"))
        .map(url -> url.replaceFirst("(//[^/]*)/.*", "$1/"))
        .findFirst();
  }

  private synchronized void writeState() {
    files.up(List.copyOf(listening.values()));
  }

  static String line(List<String> endpoints) {
    return "listening on " + String.join(" and ", endpoints);
  }

  static String line(List<String> endpoints, int signals) {
    return "daqstream: %s, %s%s"
        .formatted(line(endpoints), signals, signals == 1 ? " signal" : " signals");
  }

  private static String access(ServiceReference<?> server) {
    Object words = server.getProperty(ACCESS);
    return words == null ? "" : "; " + words;
  }

  static List<String> endpoints(ServiceReference<?> server) {
    Object value = server.getProperty(ENDPOINTS);
    return value instanceof String[] urls ? List.of(urls) : List.of(String.valueOf(value));
  }
}
