/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.daqstream.base.support.ForeignText;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Files in the folders of bundles. File Install tells of them; but not again of those that are
 * there when this bundle is updated, so they are looked for.
 */
@Component(immediate = true)
public final class DroppedModules implements ArtifactInstaller {
  private static final String SUFFIX = ".wasm";

  private final WasmModules modules;

  /** Runs what is in the folders already. */
  @Activate
  public DroppedModules(BundleContext context, @Reference WasmModules modules) {
    this(modules, folders(context));
  }

  DroppedModules(WasmModules modules, List<File> folders) {
    this.modules = modules;
    for (File folder : folders) {
      File[] files = folder.listFiles(this::canHandle);
      if (files != null) {
        List.of(files).forEach(this::install);
      }
    }
  }

  /** Those of File Install, and Karaf's. */
  private static List<File> folders(BundleContext context) {
    List<File> folders = new ArrayList<>();
    String watched = context.getProperty("felix.fileinstall.dir");
    if (watched != null) {
      Pattern.compile(",").splitAsStream(watched).map(File::new).forEach(folders::add);
    }
    String karaf = context.getProperty("karaf.base");
    if (karaf != null) {
      folders.add(new File(karaf, "deploy"));
    }
    return folders;
  }

  @Override
  public boolean canHandle(File file) {
    String name = file.getName();
    return name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)
        && name.length() > SUFFIX.length()
        && ForeignText.isPlain(name)
        && (file.isFile() || !file.exists());
  }

  @Override
  public void install(File file) {
    modules.drop(instance(file), file.toPath());
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {
    modules.pickUp(instance(file));
  }

  private static String instance(File file) {
    String name = file.getName();
    return name.substring(0, name.length() - SUFFIX.length());
  }
}
