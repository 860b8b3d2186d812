/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Not a component: it has to be there before File Install looks for the first time, so that nothing
 * starts with defaults and again with what the file says.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(ArtifactInstaller.class, new JsonConfigInstaller(context), null);
    IgnoredFiles.register(context);
  }

  @Override
  public void stop(BundleContext context) {}
}
