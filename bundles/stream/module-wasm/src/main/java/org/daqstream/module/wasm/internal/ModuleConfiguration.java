/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
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

/** One configuration of one instance. */
@Component(
    immediate = true,
    service = {},
    configurationPid = ModuleConfiguration.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ModuleConfiguration.Config.class, factory = true)
public final class ModuleConfiguration {
  static final String PID = "org.daqstream.module.wasm";

  private static final Logger LOG = LoggerFactory.getLogger(ModuleConfiguration.class);

  /** Keys, defaults and meanings. */
  @ObjectClassDefinition(
      name = "daqstream WebAssembly module",
      description = "A module instance whose code is a WebAssembly file.")
  @interface Config {
    @AttributeDefinition(
        name = "File",
        description =
            "The code, relative to the home of the runtime; empty: the file <instance>.wasm that is"
                + " dropped into the folder of bundles.")
    String file() default "";

    @AttributeDefinition(
        name = "Instance",
        description =
            "Name of the instance in the manifest; empty: what stands behind the PID in the name of"
                + " the configuration.")
    String instance() default "";

    @AttributeDefinition(name = "Arguments", description = "Texts that the module can ask for.")
    String[] arguments() default {};

    @AttributeDefinition(
        name = "Memory (bytes)",
        description = "The most memory that the module has, in pages of 65536.",
        min = "65536",
        max = "1073741824")
    long memoryLimitBytes() default 16_777_216;

    @AttributeDefinition(
        name = "Time of an event (ms)",
        description =
            "Time of a processor that one call of the module may take; what takes longer ends the"
                + " instance.",
        min = "10",
        max = "60000")
    int eventTimeMs() default 1000;

    @AttributeDefinition(
        name = "Longest back-off (ms)",
        description =
            "Longest wait before an instance starts again after a fault of its own; the first one"
                + " is 50 ms.",
        min = "50",
        max = "3600000")
    int backoffMaxMs() default 10_000;

    @AttributeDefinition(
        name = "Lines a minute",
        description = "How many lines of the module are logged in a minute.",
        min = "0",
        max = "100000")
    int logLinesPerMinute() default 60;
  }

  private final WasmModules modules;
  private final Configured<ModuleSettings> configured;

  /** Has the instance run; with a wrong configuration only says so. */
  @Activate
  public ModuleConfiguration(@Reference WasmModules modules, Map<String, Object> properties) {
    this.modules = modules;
    String name = Values.nameOf(PID, properties).orElse("");
    configured =
        new Configured<>(
            Config.class,
            PID,
            "this module is off",
            LOG,
            values -> ModuleSettings.of(values, name));
    modified(properties);
  }

  /** Has the instance run with another configuration; a wrong one changes nothing. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(ModuleSettings settings) {
    ModuleSettings before = configured.settings().orElse(null);
    if (before != null && before.instance().equals(settings.instance())) {
      modules.change(settings);
      return;
    }
    modules.configure(settings);
    if (before != null) {
      modules.forget(before.instance());
    }
  }

  @Deactivate
  void stop() {
    configured.settings().ifPresent(settings -> modules.forget(settings.instance()));
  }
}
