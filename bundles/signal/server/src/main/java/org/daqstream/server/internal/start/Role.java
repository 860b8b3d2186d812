/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A role, from a configuration of its own; one that cannot be read may nothing. */
@Component(
    configurationPid = Role.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = Role.class)
@Designate(ocd = Role.Config.class, factory = true)
public final class Role {
  static final String PID = "org.daqstream.role";

  private static final Logger LOG = LoggerFactory.getLogger(Role.class);

  /** Keys, defaults and meanings. */
  @ObjectClassDefinition(
      name = "daqstream role",
      description = "What those may do who have the role: nothing but what stands here.")
  @interface Config {
    @AttributeDefinition(
        description =
            "Ids of the signals that are there for the role; '*' is anything up to a slash, '**'"
                + " anything")
    String[] see() default {};

    @AttributeDefinition(
        description =
            "Those of them that may be subscribed; must be there where 'see' is, '**' is for all of"
                + " them")
    String[] subscribe() default {};

    @AttributeDefinition(
        description = "Ids, as they are offered here, under which signals may be published")
    String[] publish() default {};

    @AttributeDefinition(
        description = "Kinds of pages that may be read: 'metrics', 'health', and '*' for all")
    String[] pages() default {};
  }

  private final String name;
  private final Configured<Rights> configured;
  private Rights rights = Rights.NONE;
  private Runnable changed = () -> {};

  /** Takes the configuration; called by DS. */
  @Activate
  public Role(Map<String, ?> properties) {
    String pid = String.valueOf(properties.get("service.pid"));
    name = pid.startsWith(PID + "~") ? pid.substring(PID.length() + 1) : pid;
    configured = new Configured<>(Config.class, PID, "the role may nothing", LOG, Role::rightsOf);
    modified(properties);
  }

  /** Takes the configuration when it has changed; called by DS. */
  @Modified
  void modified(Map<String, ?> properties) {
    Runnable tell;
    synchronized (this) {
      configured.take(properties, wanted -> rights = wanted);
      tell = changed;
    }
    tell.run();
  }

  /** What is cut off behind {@code see} may not be read as a role that may more. */
  private static Rights rightsOf(Values values) {
    if (values.isSet("see") && !values.isGiven("subscribe")) {
      throw new IllegalArgumentException(
          "key subscribe is missing in "
              + values.file().orElse("the configuration")
              + ", '**' is for all that the role sees");
    }
    return new Rights(
        globs(values, "see"),
        globs(values, "subscribe"),
        globs(values, "publish"),
        new HashSet<>(values.list("pages")));
  }

  private static Globs globs(Values values, String key) {
    List<String> globs = values.list(key);
    return new Globs(globs);
  }

  String name() {
    return name;
  }

  synchronized Rights rights() {
    return rights;
  }

  /** Has somebody told of changes. */
  synchronized void whenChanged(Runnable tell) {
    changed = tell;
  }
}
