/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.karaf.files.internal;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.karaf.features.ConfigFileInfo;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the end of one deployment and takes away what came with features that are gone then.
 * Karaf itself holds it until then, not our bundle, which may be gone as well: so everything is
 * looked at before, and at the end no class is needed that was not in use already.
 */
final class Removal implements DeploymentListener {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private final FeaturesService features;

  /** Features by what they have brought, files before their folders. */
  private final Map<Path, Set<String>> owners;

  /** Karaf tells a new listener what it has told last: the beginning of our deployment. */
  private boolean begun;

  private Removal(FeaturesService features, Map<Path, Set<String>> owners) {
    this.features = features;
    this.owners = owners;
  }

  /** Notes what is there, and waits when there is something. */
  static void await(FeaturesService features, DefaultFiles defaults) {
    Map<Path, Set<String>> owners = new LinkedHashMap<>();
    Map<Path, Set<String>> folders = new LinkedHashMap<>();
    try {
      for (Feature feature : features.listInstalledFeatures()) {
        for (ConfigFileInfo brought : feature.getConfigurationFiles()) {
          Path file = defaults.place(brought.getFinalname()).orElse(null);
          if (file != null && Files.exists(file)) {
            if (defaults.isUntouched(file)) {
              add(owners, file, feature);
            }
            defaults.folder(file).ifPresent(folder -> add(folders, folder, feature));
          }
        }
      }
    } catch (Exception e) {
      LOG.warn("default files will stay, since it is not clear which they are: {}", e.toString());
      return;
    }
    owners.putAll(folders);
    if (!owners.isEmpty()) {
      features.registerListener(new Removal(features, owners));
    }
  }

  private static void add(Map<Path, Set<String>> owners, Path path, Feature feature) {
    owners.computeIfAbsent(path, key -> new LinkedHashSet<>()).add(feature.getId());
  }

  @Override
  public void deploymentEvent(DeploymentEvent event) {
    if (event == DeploymentEvent.DEPLOYMENT_FINISHED) {
      features.unregisterListener(this);
      remove();
    } else if (event == DeploymentEvent.DEPLOYMENT_STARTED && begun) {
      features.unregisterListener(this); // ours has failed, and files may have changed since
    }
    begun = true;
  }

  private void remove() {
    List<String> installed = new ArrayList<>();
    try {
      for (Feature feature : features.listInstalledFeatures()) {
        installed.add(feature.getId());
      }
    } catch (Exception e) {
      LOG.warn("default files stay: {}", e.toString());
      return;
    }
    for (Map.Entry<Path, Set<String>> entry : owners.entrySet()) {
      boolean wanted = false;
      for (String owner : entry.getValue()) {
        wanted |= installed.contains(owner);
      }
      if (!wanted) {
        delete(entry.getKey());
      }
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // somebody has put something there
    } catch (IOException e) {
      LOG.warn("{} stays: {}", path, e.toString());
    }
  }
}
