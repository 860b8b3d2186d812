/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.signal.api.sink.SignalSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends signals of this runtime to NATS for each configuration; without one it does nothing. */
@Component(
    immediate = true,
    service = {},
    configurationPid = SignalPublisher.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PublishConfig.class, factory = true)
public final class SignalPublisher {
  static final String PID = "org.daqstream.nats.publish";

  private static final long END_MS = 2_000;
  private static final int ID_CHARS = 8;
  private static final Logger LOG = LoggerFactory.getLogger(SignalPublisher.class);

  private final BundleContext context;
  private final ImportedPaths paths;
  private final String name;
  private final Configured<PublishSettings> configured;
  private Running running; // null until a configuration can be used
  private ServiceRegistration<SignalSink> sink;
  private ServiceRegistration<SignalRelay> relay;

  /** Begins to connect. */
  @Activate
  public SignalPublisher(
      @Reference ImportedPaths paths, BundleContext context, Map<String, Object> properties) {
    this.paths = paths;
    this.context = context;
    name = Values.nameOf(PID, properties).orElse("nats");
    configured =
        new Configured<>(
            PublishConfig.class,
            PID,
            "nothing is sent by it",
            LOG,
            values -> PublishSettings.of(values, name));
    modified(properties);
  }

  /** Begins anew with other values. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private void use(PublishSettings wanted) {
    if (configured.settings().filter(wanted::equals).isPresent()) {
      return;
    }
    stop();
    running = new Running(name, wanted, paths, LookPace.NORMAL);
    sink = context.registerService(SignalSink.class, running.sink(), null);
    relay = context.registerService(SignalRelay.class, running::status, null);
  }

  /** Says that the signals are gone, and ends. */
  @Deactivate
  void stop() {
    if (sink != null) {
      relay.unregister();
      sink.unregister();
      sink = null;
    }
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** One life of a publisher. */
  static final class Running implements AutoCloseable {
    private final OrderedTasks tasks;
    private final PublishLoop loop;
    private final PublishLink link;
    private final Announcer announcer;

    private final String name;

    Running(String name, PublishSettings settings, ImportedPaths paths, LookPace pace) {
      this.name = name;
      String publisher = name + '-' + UUID.randomUUID().toString().substring(0, ID_CHARS);
      tasks =
          new OrderedTasks(
              "daqstream-nats-announce " + name, e -> LOG.error("{}: a step failed", name, e));
      tasks.keepThread();
      announcer = new Announcer(publisher, paths, tasks);
      IdPatterns patterns = new IdPatterns(settings.signals());
      Predicate<String> filter =
          id -> patterns.wants(id) && (settings.isOnward() || !paths.isImported(id));
      loop = new PublishLoop(name, settings, filter, announcer);
      link = new PublishLink(name, publisher, settings, loop, announcer, tasks, pace);
      loop.start(
          settings.isKeeping()
              ? new KeptSender(link::connection, link::streamMessageBytes, settings.memoryBytes())
              : new CoreSender(link::connection));
      link.start();
    }

    SignalSink sink() {
      return new OutgoingSink(loop);
    }

    PublishLoop loop() {
      return loop;
    }

    RelayStatus status() {
      List<OutgoingSignal> signals = announcer.signals();
      return new RelayStatus(
          name,
          "nats",
          RelayStatus.Direction.OUT,
          link.server(),
          loop.total().messages(),
          loop.total().blocks(),
          loop.total().samples(),
          loop.total().bytes(),
          loop.total().lostSamples(),
          0,
          link.problemNow(),
          signals.stream()
              .map(
                  each ->
                      new RelayStatus.RelayedSignal(
                          each.signalId(),
                          "",
                          each.hasSubscriber(),
                          RelayStatus.UNKNOWN,
                          each.traffic.lostSamples()))
              .toList());
    }

    /** Waits some seconds at most. */
    @Override
    public void close() {
      loop.stop(END_MS);
      CountDownLatch isDone = new CountDownLatch(1);
      tasks.execute(
          () -> {
            announcer.withdraw();
            isDone.countDown();
          });
      try {
        if (!isDone.await(END_MS, TimeUnit.MILLISECONDS)) {
          LOG.warn("the end of what was published could not be said");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      link.close();
      tasks.forget();
      tasks.end(END_MS);
    }
  }
}
