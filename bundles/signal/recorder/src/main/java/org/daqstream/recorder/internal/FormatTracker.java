/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingFormat;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services for a format: the best of those that are there, until it goes. */
final class FormatTracker extends ServiceTracker<RecordingFormat, RecordingFormat> {
  private static final Logger LOG = LoggerFactory.getLogger(FormatTracker.class);

  private final String format;
  private final long timeoutMs;
  private final RecordingLoop loop;
  private final NavigableMap<ServiceReference<RecordingFormat>, RecordingFormat> all =
      new TreeMap<>();
  private RecordingFormat used; // null for none

  FormatTracker(BundleContext context, String format, RecordingLoop loop, long timeoutMs) {
    super(context, RecordingFormat.class, null);
    this.format = format;
    this.loop = loop;
    this.timeoutMs = timeoutMs;
  }

  @Override
  public RecordingFormat addingService(ServiceReference<RecordingFormat> reference) {
    if (!endings(reference).contains(format)) {
      return null;
    }
    RecordingFormat service = super.addingService(reference);
    synchronized (all) {
      all.put(reference, service);
      if (used != null) {
        return service;
      }
      used = service;
    }
    tell(service);
    return service;
  }

  private static List<String> endings(ServiceReference<?> reference) {
    Object value = reference.getProperty(RecordingFormat.RECORDING_FORMAT);
    return value instanceof String[] several
        ? List.of(several)
        : value instanceof String one ? List.of(one) : List.of();
  }

  /** Returns when the files of the service are complete. */
  @Override
  public void removedService(ServiceReference<RecordingFormat> reference, RecordingFormat service) {
    RecordingFormat next;
    boolean isUsed;
    synchronized (all) {
      all.remove(reference);
      isUsed = used == service;
      next = all.isEmpty() ? null : all.lastEntry().getValue();
      used = isUsed ? next : used;
    }
    if (isUsed) {
      tell(next);
    }
    super.removedService(reference, service);
  }

  private void tell(RecordingFormat service) {
    try {
      if (!loop.setFormat(service, timeoutMs)) {
        LOG.error("a recorder did not complete its files within {} ms", timeoutMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
