/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.HttpPage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The component: has every server answer with the page and its files, as long as it is there. */
@Component(
    immediate = true,
    service = {})
public final class Viewer {
  private final List<ServiceRegistration<HttpPage>> registrations = new ArrayList<>();

  @Activate
  public Viewer(BundleContext context) {
    ViewerFile.all()
        .forEach(
            (path, file) ->
                registrations.add(
                    context.registerService(
                        HttpPage.class,
                        file,
                        FrameworkUtil.asDictionary(Map.of(HttpPage.PATH, path)))));
  }

  /** Takes the pages back; called by DS. */
  @Deactivate
  void stop() {
    registrations.forEach(ServiceRegistration::unregister);
  }
}
