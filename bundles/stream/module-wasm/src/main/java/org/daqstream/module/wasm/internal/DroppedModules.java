/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.io.File;
import java.util.Locale;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.daqstream.base.support.ForeignText;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Files in the folder of bundles, of which File Install tells. */
@Component
public final class DroppedModules implements ArtifactInstaller {
  private static final String SUFFIX = ".wasm";

  private final WasmModules modules;

  @Activate
  public DroppedModules(@Reference WasmModules modules) {
    this.modules = modules;
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
