/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.daqstream.shell.internal.Services;
import org.daqstream.signal.api.SignalRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;

/** What keeps the bundles of the framework from being live. */
final class Diagnosis {
  private static final String COMPONENTS = "Service-Component";

  private final Services services;
  private final Requirements requirements;

  Diagnosis(Services services) {
    this.services = services;
    this.requirements = new Requirements(services.bundles());
  }

  /** Symbolic name and version, or the place of a bundle without a name. */
  static String name(Bundle bundle) {
    if (bundle == null) {
      return "a bundle that has left";
    }
    return bundle.getSymbolicName() == null
        ? bundle.getLocation()
        : bundle.getSymbolicName() + " " + bundle.getVersion();
  }

  static String state(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.INSTALLED -> "installed";
      case Bundle.RESOLVED -> "resolved";
      case Bundle.STARTING -> "starting";
      case Bundle.ACTIVE -> "active";
      case Bundle.STOPPING -> "stopping";
      default -> "uninstalled";
    };
  }

  /** All that is wrong, or one finding that nothing is. */
  List<Finding> of(Bundle bundle) {
    List<Finding> problems =
        switch (bundle.getState()) {
          case Bundle.INSTALLED -> requirements.missing(bundle);
          case Bundle.ACTIVE -> active(bundle);
          default -> List.of();
        };
    if (!problems.isEmpty()) {
      return problems;
    }
    return List.of(
        isStarted(bundle) ? Finding.live("it is live" + what(bundle)) : notStarted(bundle));
  }

  private static boolean isStarted(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.INSTALLED -> false;
      case Bundle.ACTIVE -> true;
      case Bundle.STARTING -> isLazy(bundle);
      default -> isFragment(bundle);
    };
  }

  private String what(Bundle bundle) {
    long count =
        services
            .componentRuntime()
            .map(runtime -> new Components(runtime).of(bundle).size())
            .orElse(0);
    return count == 0
        ? ""
        : count == 1 ? ", with one component" : ", with " + count + " components";
  }

  private static boolean isFragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  private static boolean isLazy(Bundle bundle) {
    return header(bundle, Constants.BUNDLE_ACTIVATIONPOLICY).startsWith(Constants.ACTIVATION_LAZY);
  }

  private static String header(Bundle bundle, String name) {
    Dictionary<String, String> headers = bundle.getHeaders("");
    String value = headers.get(name);
    return value == null ? "" : value;
  }

  private static Finding notStarted(Bundle bundle) {
    return new Finding(
        Finding.NOT_STARTED,
        "",
        "nobody has started it, or its start failed: 'start %s' starts it or tells why not"
            .formatted(bundle.getBundleId()));
  }

  private List<Finding> active(Bundle bundle) {
    List<Finding> findings = new ArrayList<>();
    services
        .componentRuntime()
        .ifPresent(runtime -> findings.addAll(new Components(runtime).waiting(bundle)));
    findings.addAll(refusedSignals(bundle));
    if (findings.isEmpty() && isEmpty(bundle)) {
      findings.add(
          new Finding(
              Finding.NOTHING_IN_IT,
              "",
              "no component, no activator and no exported package; @Component is written into"
                  + " the jar by bnd, as the templates show"));
    }
    return findings;
  }

  private static boolean isEmpty(Bundle bundle) {
    return Stream.of(
            COMPONENTS,
            Constants.BUNDLE_ACTIVATOR,
            Constants.EXPORT_PACKAGE,
            Constants.PROVIDE_CAPABILITY)
        .allMatch(name -> header(bundle, name).isEmpty());
  }

  /** Its own, and of a writer those of its types. */
  private List<Finding> refusedSignals(Bundle bundle) {
    List<String> types =
        services.writers().stream()
            .filter(writer -> writer.bundle().equals(name(bundle)))
            .flatMap(writer -> writer.types().stream())
            .toList();
    return services.signalRegistry().map(SignalRegistry::signals).orElse(List.of()).stream()
        .filter(state -> !state.available())
        .filter(
            state ->
                state.bundleId() == bundle.getBundleId()
                    || types.contains(state.descriptor().dataType()))
        .map(
            state ->
                new Finding(Finding.REFUSED_SIGNAL, state.descriptor().signalId(), state.reason()))
        .toList();
  }

  static boolean isNamed(Bundle bundle, String word) {
    String location = bundle.getLocation();
    return word.equals(String.valueOf(bundle.getBundleId()))
        || word.equals(bundle.getSymbolicName())
        || word.equals(location)
        || location.toLowerCase(Locale.ROOT).endsWith("/" + word.toLowerCase(Locale.ROOT))
        || location.equals("file:" + word);
  }
}
