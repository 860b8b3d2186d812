/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.daqstream.base.support.Home;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to run: files that were dropped into a folder, and configurations. One that names no file
 * is for the dropped file of its name. Any thread calls.
 */
@Component(service = {WasmModules.class, ModuleHost.class})
public final class WasmModules implements ModuleHost {
  private static final Logger LOG = LoggerFactory.getLogger(WasmModules.class);
  private static final long LOOK_MS = 500;

  /** What an instance runs, and whether its file is as it was loaded. */
  private static final class Wanted {
    final ModuleInstance instance;
    ModuleSettings settings;
    CodeFile file;
    boolean isWatched; // others tell of the changes of those in the folder
    CodeFile.Stamp loaded = CodeFile.Stamp.NONE;
    CodeFile.Stamp seen = CodeFile.Stamp.NONE;

    Wanted(ModuleInstance instance) {
      this.instance = instance;
    }
  }

  private final Path home;
  private final Map<String, ModuleSettings> configured = new HashMap<>();
  private final Map<String, Path> dropped = new HashMap<>();
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>(); // changed with the lock
  private final ModuleRuntime runtime;
  private boolean isLooking;
  private boolean isClosed;

  /** Nothing runs yet. */
  @Activate
  public WasmModules(BundleContext context, @Reference StreamRegister streams) {
    this(Home.of(context::getProperty), streams, (type, made) -> publish(context, type, made));
  }

  WasmModules(
      Path home,
      StreamRegister streams,
      BiFunction<String, SignalWriterFactory, Runnable> publisher) {
    this.home = home;
    this.runtime = new ModuleRuntime(streams, publisher, this::instances);
  }

  private static Runnable publish(
      BundleContext context, String dataType, SignalWriterFactory writers) {
    ServiceRegistration<SignalWriterFactory> registration =
        context.registerService(
            SignalWriterFactory.class,
            writers,
            FrameworkUtil.asDictionary(
                Map.of(SignalWriterFactory.SIGNAL_DATATYPE, new String[] {dataType})));
    return registration::unregister;
  }

  private Collection<ModuleInstance> instances() {
    return wanted.values().stream().map(each -> each.instance).toList();
  }

  /** What holds for a file without a configuration. */
  static ModuleSettings defaults(String instance) {
    return ModuleSettings.of(Values.of(ModuleConfiguration.Config.class, Map.of()), instance);
  }

  /**
   * Has an instance run as it is configured.
   *
   * @throws IllegalArgumentException when another configuration has this instance
   */
  void configure(ModuleSettings settings) {
    synchronized (this) {
      if (configured.putIfAbsent(settings.instance(), settings) != null) {
        throw new IllegalArgumentException(
            "instance '" + settings.instance() + "' has a configuration already");
      }
    }
    arrange(settings.instance(), false);
  }

  /** The configuration of an instance has changed. */
  void change(ModuleSettings settings) {
    synchronized (this) {
      configured.put(settings.instance(), settings);
    }
    arrange(settings.instance(), false);
  }

  /** An instance has no configuration any more. */
  void forget(String instance) {
    synchronized (this) {
      configured.remove(instance);
    }
    arrange(instance, false);
  }

  /** A file was put into the folder, or has changed there. */
  void drop(String instance, Path file) {
    synchronized (this) {
      dropped.put(instance, file);
    }
    arrange(instance, true);
  }

  /** A file is gone from the folder. */
  void pickUp(String instance) {
    synchronized (this) {
      dropped.remove(instance);
    }
    arrange(instance, true);
  }

  /** Starts, changes or ends an instance as it is wanted now. */
  private void arrange(String name, boolean isFileNew) {
    ModuleInstance ended;
    synchronized (this) {
      ended = isClosed ? null : arranged(name, isFileNew);
    }
    if (ended != null) {
      ended.stop();
    }
  }

  /** With the lock; gives the instance that is to end. */
  private ModuleInstance arranged(String name, boolean isFileNew) {
    ModuleSettings given = configured.get(name);
    Path inFolder = dropped.get(name);
    boolean hasOwnFile = given != null && !given.file().isEmpty();
    if (hasOwnFile && inFolder != null && isFileNew) {
      LOG.warn("{} is left out: instance '{}' is configured with {}", inFolder, name, given.file());
    }
    Path path = hasOwnFile ? home.resolve(given.file()) : inFolder;
    Wanted running = wanted.get(name);
    if (path == null) {
      if (given != null) {
        LOG.info("instance '{}' waits for its file {}.wasm in the folder of bundles", name, name);
      }
      return running == null ? null : wanted.remove(name).instance;
    }
    ModuleSettings settings = given == null ? defaults(name) : given;
    Wanted next = running == null ? new Wanted(new ModuleInstance(settings, runtime)) : running;
    CodeFile file = new CodeFile(path);
    boolean isSame = file.equals(next.file) && settings.equals(next.settings);
    next.settings = settings;
    next.file = file;
    next.isWatched = hasOwnFile;
    wanted.put(name, next);
    if (hasOwnFile) {
      look();
    }
    if (!isSame || (isFileNew && !hasOwnFile)) {
      next.loaded = file.stamp();
      next.seen = next.loaded;
      next.instance.load(settings, file);
    }
    return null;
  }

  /** Looks at the files of configurations, as long as there are some. */
  private void look() {
    if (!isLooking) {
      isLooking = true;
      runtime.timing().after(LOOK_MS, () -> runtime.pool().execute(this::lookOnce));
    }
  }

  private synchronized void lookOnce() {
    isLooking = false;
    if (isClosed) {
      return;
    }
    boolean more = false;
    for (Wanted each : wanted.values()) {
      if (each.isWatched) {
        more = true;
        CodeFile.Stamp now = each.file.stamp();
        boolean isQuiet = now.equals(each.seen); // nobody writes it any more
        each.seen = now;
        if (isQuiet && !now.equals(each.loaded) && !now.equals(CodeFile.Stamp.NONE)) {
          each.loaded = now;
          each.instance.load(each.settings, each.file);
        }
      }
    }
    if (more) {
      look();
    }
  }

  @Override
  public List<ModuleStatus> modules() {
    List<ModuleStatus> all = new ArrayList<>();
    instances().forEach(each -> all.add(each.status()));
    all.sort(Comparator.comparing(ModuleStatus::instance));
    return all;
  }

  /** Ends all. */
  @Deactivate
  void stop() {
    synchronized (this) {
      isClosed = true;
    }
    instances().forEach(ModuleInstance::beginStop);
    instances().forEach(ModuleInstance::stop);
    runtime.close();
  }
}
