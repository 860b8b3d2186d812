/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.daqstream.base.support.ForeignText;
import org.slf4j.Logger;

/**
 * The configuration that a component works with. One that cannot be used is said in one line, and
 * the one before stays; keys that the component does not know are said in one line each. For one
 * thread at a time, as the component runtime calls.
 *
 * @param <S> what the component makes of the values
 */
public final class Configured<S> {
  private final ConfigKeys keys;
  private final String pid;
  private final String without;
  private final Logger log;
  private final Function<Values, S> check;
  private Set<String> unknown = Set.of();
  private Optional<S> settings = Optional.empty();

  /**
   * Nothing is configured yet.
   *
   * @param definition the annotation with the component's keys
   * @param pid of the component; a factory's configurations have their own
   * @param without what it means when the first configuration cannot be used
   * @param log where to say so
   * @param check takes the values, or refuses one by an {@link IllegalArgumentException}
   */
  public Configured(
      Class<?> definition, String pid, String without, Logger log, Function<Values, S> check) {
    this.keys = ConfigKeys.of(definition);
    this.pid = pid;
    this.without = without;
    this.log = log;
    this.check = check;
  }

  /**
   * Takes a configuration if it can be used.
   *
   * @param properties from Configuration Admin
   * @param apply makes it work; may refuse it by an exception, and then has changed nothing
   * @return whether it works
   */
  public boolean take(Map<String, ?> properties, Consumer<? super S> apply) {
    if (properties.containsKey(Values.UNREADABLE)) {
      return false;
    }
    Object name = properties.get("service.pid") == null ? pid : properties.get("service.pid");
    Values values = new Values(keys, properties);
    if (!values.unknown().equals(unknown)) {
      unknown = values.unknown();
      unknown.forEach(
          key ->
              log.warn(
                  "{}: key '{}' is not known; {}", name, ForeignText.plain(key), keys.hint(key)));
    }
    try {
      S wanted = check.apply(values);
      apply.accept(wanted);
      settings = Optional.of(wanted);
      return true;
    } catch (RuntimeException e) {
      log.error(
          "{}: {}; {}",
          name,
          ForeignText.plain(
              e instanceof IllegalArgumentException
                  ? String.valueOf(e.getMessage())
                  : e.toString()),
          settings.isPresent() ? "the old configuration stays" : without);
      return false;
    }
  }

  /** The last configuration that could be used. */
  public Optional<S> settings() {
    return settings;
  }
}
