/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerMonitor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The component: has every server answer with the page and its files, as long as it is there. */
@Component(
    immediate = true,
    service = {})
public final class Viewer {
  private static final String PATHS = "/viewer/paths.json";

  private final List<ServiceRegistration<HttpPage>> registrations = new ArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
  final List<ServerMonitor> servers = new CopyOnWriteArrayList<>();

  @Activate
  public Viewer(BundleContext context) {
    ViewerFile.all().forEach((path, file) -> register(context, path, file));
    register(context, PATHS, new Paths(servers));
  }

  private void register(BundleContext context, String path, HttpPage page) {
    registrations.add(
        context.registerService(
            HttpPage.class, page, FrameworkUtil.asDictionary(Map.of(HttpPage.PATH, path))));
  }

  /** Takes the pages back; called by DS. */
  @Deactivate
  void stop() {
    registrations.forEach(ServiceRegistration::unregister);
  }
}
