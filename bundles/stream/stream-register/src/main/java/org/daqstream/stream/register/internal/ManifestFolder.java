/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.Home;
import org.daqstream.base.support.Worker;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into a folder of manifests now and then; each file is one source. */
@Component(
    immediate = true,
    service = {},
    configurationPid = ManifestFolder.PID)
@Designate(ocd = ManifestFolder.Config.class)
public final class ManifestFolder {
  @ObjectClassDefinition(
      name = "daqstream manifest folder",
      description = "A folder with one deployment manifest in each .json file.")
  @interface Config {
    @AttributeDefinition(
        name = "Folder",
        description =
            "Relative to the framework property daqstream.home, without one to the working"
                + " directory; need not exist.")
    String folder() default "etc/streams";

    @AttributeDefinition(
        name = "Poll interval (ms)",
        description = "How often to look.",
        min = "100",
        max = "3600000")
    long pollMs() default 1000;
  }

  static final String PID = "org.daqstream.stream.register.folder";

  private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);

  private record Settings(String folder, long pollMs) {
    static Settings of(Values values) {
      return new Settings(values.text("folder"), values.whole("pollMs"));
    }
  }

  private final Path home;
  private final FolderScan scan;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "the defaults hold", LOG, Settings::of);
  private final Worker worker;
  private volatile long pollMs;

  /** Looks for the first time at once, on its own thread; called by DS. */
  @Activate
  public ManifestFolder(
      @Reference StreamRegister register, BundleContext context, Map<String, Object> properties) {
    this(register, Home.of(context::getProperty), properties);
  }

  ManifestFolder(StreamRegister register, Path home, Map<String, ?> properties) {
    this.home = home;
    Settings defaults = Settings.of(Values.of(Config.class, Map.of()));
    this.scan = new FolderScan(register, home.resolve(defaults.folder()));
    if (!configured.take(properties, this::use)) {
      use(defaults);
    }
    this.worker =
        Worker.start(
            "stream-manifest-folder",
            self -> self.repeat(this::look, fault -> LOG.warn("manifest folder", fault)));
  }

  private void use(Settings settings) {
    scan.folder(home.resolve(settings.folder()));
    pollMs = settings.pollMs();
  }

  private long look() {
    scan.run();
    return TimeUnit.MILLISECONDS.toNanos(pollMs);
  }

  /** Takes another folder and interval; files that are the same in both go on. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
    worker.wake();
  }

  @Deactivate
  void deactivate() {
    worker.stop();
    scan.undeployAll();
  }
}
