/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.karaf.files.internal;

import java.nio.file.Path;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.FeaturesService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Before Karaf installs or uninstalls anything, notes which files are ours to take away. Karaf
 * itself leaves files that it has brought, unless it is told to delete them changed or not.
 */
@Component(service = {})
public final class FilesGoWithFeatures implements DeploymentListener {
  private final FeaturesService features;

  @Activate
  public FilesGoWithFeatures(@Reference FeaturesService features) {
    this.features = features;
    features.registerListener(this);
  }

  @Deactivate
  void deactivate() {
    features.unregisterListener(this);
  }

  @Override
  public void deploymentEvent(DeploymentEvent event) {
    if (event == DeploymentEvent.DEPLOYMENT_STARTED) {
      Removal.await(features, new DefaultFiles(Path.of(System.getProperty("karaf.etc"))));
    }
  }
}
