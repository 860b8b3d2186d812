/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The set of bundles we ship is complete: each starts, and no component waits for a service. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BundlesStartIT {
  @Inject private BundleContext context;

  @Inject private ServiceComponentRuntime components;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Test
  public void everyBundleIsInstalled() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (Path jar : FelixRuntime.bundleJars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        String name = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
        expected.add(name.replaceAll(";.*", ""));
      }
    }
    Set<String> installed =
        Arrays.stream(context.getBundles())
            .map(Bundle::getSymbolicName)
            .filter(expected::contains)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, installed);
  }

  @Test
  public void everyBundleIsActive() {
    List<String> inactive = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
      if (bundle.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
        inactive.add(bundle + " in state " + bundle.getState());
      }
    }
    assertEquals(List.of(), inactive);
  }

  @Test
  public void noComponentFailsOrMissesAService() {
    List<String> broken = new ArrayList<>();
    for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO configuration :
          components.getComponentConfigurationDTOs(component)) {
        if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
            || configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
          broken.add(component.name + " in state " + configuration.state);
        }
      }
    }
    assertEquals(List.of(), broken);
  }
}
