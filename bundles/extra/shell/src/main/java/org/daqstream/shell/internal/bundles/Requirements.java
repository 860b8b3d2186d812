/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

import static org.osgi.framework.namespace.ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE;
import static org.osgi.framework.namespace.PackageNamespace.PACKAGE_NAMESPACE;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/**
 * Which requirements of an unresolved bundle nobody meets.
 *
 * @param bundles where to look, of which the first is the framework
 */
record Requirements(List<Bundle> bundles) {
  private static final Pattern LOW = Pattern.compile("\\(version>=([^)]+)\\)");
  private static final Pattern HIGH = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");
  private static final Pattern EXACT = Pattern.compile("\\(version=([^)]+)\\)");

  List<Finding> missing(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision == null // it has just been uninstalled
        ? List.of()
        : revision.getRequirements(null).stream()
            .filter(Requirements::isNeededToResolve)
            .flatMap(requirement -> finding(requirement, bundle).stream())
            .toList();
  }

  private static boolean isNeededToResolve(Requirement requirement) {
    Map<String, String> directives = requirement.getDirectives();
    return !Namespace.RESOLUTION_OPTIONAL.equals(
            directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
        && Namespace.EFFECTIVE_RESOLVE.equals(
            directives.getOrDefault(
                Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE));
  }

  private Optional<Finding> finding(Requirement requirement, Bundle bundle) {
    Collection<BundleCapability> providers =
        bundles.get(0).adapt(FrameworkWiring.class).findProviders(requirement);
    if (!providers.stream().allMatch(provider -> isUnresolved(provider, bundle))) {
      return Optional.empty();
    }
    String why =
        providers.isEmpty()
            ? nobody(requirement)
            : names(providers) + " would give it and is unresolved itself";
    return Optional.of(new Finding(Finding.UNRESOLVED, what(requirement), why));
  }

  private static boolean isUnresolved(BundleCapability provider, Bundle asking) {
    Bundle bundle = provider.getRevision().getBundle();
    return bundle.getState() == Bundle.INSTALLED && !bundle.equals(asking);
  }

  private static String names(Collection<BundleCapability> providers) {
    return providers.stream()
        .map(provider -> Diagnosis.name(provider.getRevision().getBundle()))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private static String filter(Requirement requirement) {
    return requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "any");
  }

  private static String what(Requirement requirement) {
    String filter = filter(requirement);
    return switch (requirement.getNamespace()) {
      case PACKAGE_NAMESPACE -> "package " + value(filter, requirement);
      case EXECUTION_ENVIRONMENT_NAMESPACE -> "Java " + first(EXACT, filter);
      default -> requirement.getNamespace() + " " + filter;
    };
  }

  private String nobody(Requirement requirement) {
    return switch (requirement.getNamespace()) {
      case PACKAGE_NAMESPACE -> noPackage(requirement);
      case EXECUTION_ENVIRONMENT_NAMESPACE -> "this is Java " + Runtime.version().feature();
      default -> "no bundle provides it";
    };
  }

  private String noPackage(Requirement requirement) {
    String filter = filter(requirement);
    String name = value(filter, requirement);
    String others =
        bundles.stream()
            .map(bundle -> bundle.adapt(BundleRevision.class))
            .filter(Objects::nonNull)
            .flatMap(revision -> revision.getDeclaredCapabilities(PACKAGE_NAMESPACE).stream())
            .filter(exported -> name.equals(exported.getAttributes().get(PACKAGE_NAMESPACE)))
            .map(
                exported ->
                    exported.getAttributes().get(Constants.VERSION_ATTRIBUTE)
                        + " of "
                        + Diagnosis.name(exported.getRevision().getBundle()))
            .collect(Collectors.joining(" and "));
    String none = "no bundle exports it" + range(filter);
    return others.isEmpty() ? none : none + ", but there is " + others;
  }

  private static String range(String filter) {
    String low = first(LOW, filter);
    String high = first(HIGH, filter);
    if (!high.isEmpty()) {
      return " in [" + low + "," + high + ")";
    }
    return low.isEmpty() ? "" : " in " + low + " or newer";
  }

  private static String value(String filter, Requirement requirement) {
    return first(
        Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]+)\\)"), filter);
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
