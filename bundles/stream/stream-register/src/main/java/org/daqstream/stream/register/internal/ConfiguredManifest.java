/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A manifest out of Config Admin; each configuration of the factory PID is one source. */
@Component(
    immediate = true,
    service = {},
    configurationPid = ConfiguredManifest.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredManifest.Config.class, factory = true)
public final class ConfiguredManifest {
  static final String PID = "org.daqstream.stream.register.manifest";

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredManifest.class);

  @ObjectClassDefinition(
      name = "daqstream deployment manifest",
      description = "Names the streams of module instances.")
  @interface Config {
    @AttributeDefinition(
        name = "Manifest",
        description = "JSON with instanceSpecs.<instance>.streams, as in EVP.")
    String manifest() default "{\"instanceSpecs\":{}}";
  }

  private final StreamRegister register;
  private final String source;
  private final Configured<String> configured =
      new Configured<>(
          Config.class, PID, "nothing is deployed", LOG, values -> values.text("manifest"));

  /** Deploys the manifest. */
  @Activate
  public ConfiguredManifest(@Reference StreamRegister register, Map<String, ?> properties) {
    this.register = register;
    this.source = "configuration " + properties.get(Constants.SERVICE_PID);
    modified(properties);
  }

  /** Deploys the new text; a refused one leaves the old one running. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::deploy);
  }

  private void deploy(String manifest) {
    try {
      register.deploy(source, manifest);
      LOG.info("{} deployed", source);
    } catch (ManifestException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // tells all that is wrong
    }
  }

  @Deactivate
  void undeploy() {
    register.undeploy(source);
  }
}
