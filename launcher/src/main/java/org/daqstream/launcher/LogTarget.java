/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.osgi.framework.Bundle;

/**
 * Leads what bundles log to one stream. By itself pax-logging prints to what {@code System.out} is
 * for the thread that logs, and on the thread of a command that is its user's terminal. The
 * interface belongs to a bundle, so that the launcher can only implement it by reflection.
 */
final class LogTarget {
  /** Bundle that knows the interface. */
  static final String BUNDLE = "org.ops4j.pax.logging.pax-logging-api";

  private static final String PROVIDER = "org.ops4j.pax.logging.spi.PaxDefaultLogStreamProvider";

  /** Without it nobody is asked for a stream. The file is only made when there is none. */
  private static final String ASK = "org.ops4j.pax.logging.useFileLogFallback";

  private LogTarget() {}

  /** To call when the bundle has started, before others log. */
  static void set(Bundle logging, PrintStream stream, Path file) throws ClassNotFoundException {
    Class<?> provider = logging.loadClass(PROVIDER);
    Object service =
        Proxy.newProxyInstance(
            provider.getClassLoader(),
            new Class<?>[] {provider},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "stream" -> stream;
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "toString" -> LogTarget.class.getName();
                  default -> null; // the stream is not closed by bundles
                });
    logging.getBundleContext().registerService(PROVIDER, service, null);
    System.setProperty(ASK, file.toString());
  }
}
