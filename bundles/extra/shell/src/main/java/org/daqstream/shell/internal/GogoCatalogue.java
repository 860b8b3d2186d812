/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Which commands Gogo has now, ours and those of others. */
record GogoCatalogue(BundleContext context) {
  /** Shown by consoles that list commands. */
  static final String DESCRIPTION = "osgi.command.description";

  /**
   * A command.
   *
   * @param ours whether it takes {@code --help}
   */
  record Entry(String fullName, String summary, boolean ours) {
    boolean isNamed(String name) {
      return fullName.equalsIgnoreCase(name) || shortName().equalsIgnoreCase(name);
    }

    String shortName() {
      return fullName.substring(fullName.indexOf(':') + 1);
    }
  }

  /** All of them by name, ours first. */
  List<Entry> entries() {
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (ServiceReference<?> reference : references()) {
      String scope = String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
      boolean ours = context.getBundle().equals(reference.getBundle());
      for (String function : functions(reference.getProperty(CommandProcessor.COMMAND_FUNCTION))) {
        String fullName = scope + ":" + function;
        entries.computeIfAbsent(
            fullName, key -> new Entry(fullName, summary(reference, function), ours));
      }
    }
    return entries.values().stream()
        .sorted(Comparator.comparing(Entry::ours).reversed()) // which is stable
        .toList();
  }

  private ServiceReference<?>[] references() {
    try {
      ServiceReference<?>[] found =
          context.getAllServiceReferences(
              null,
              "(&(%s=*)(%s=*))"
                  .formatted(CommandProcessor.COMMAND_SCOPE, CommandProcessor.COMMAND_FUNCTION));
      return found == null ? new ServiceReference<?>[0] : found;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> functions(Object property) {
    Collection<?> several =
        property instanceof Object[] array
            ? List.of(array)
            : property instanceof Collection<?> list ? list : List.of(property);
    return several.stream().map(String::valueOf).toList();
  }

  private String summary(ServiceReference<?> reference, String function) {
    if (reference.getProperty(DESCRIPTION) instanceof String description) {
      return description;
    }
    Object service = context.getService(reference);
    if (service == null) {
      return "";
    }
    try {
      return Arrays.stream(service.getClass().getMethods())
          .filter(method -> method.getName().equalsIgnoreCase(function))
          .map(GogoCatalogue::description)
          .filter(text -> !text.isEmpty())
          .findFirst()
          .orElse("");
    } catch (LinkageError e) {
      return ""; // a class of the signatures is not there
    } finally {
      context.ungetService(reference);
    }
  }

  private static String description(Method method) {
    Descriptor descriptor = method.getAnnotation(Descriptor.class);
    return descriptor == null ? "" : descriptor.value();
  }
}
