/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What the components of an active bundle wait for. */
record Components(ServiceComponentRuntime runtime) {
  private static final String CAUSE = "Caused by: ";
  private static final String REQUIRED = "require";

  Collection<ComponentDescriptionDTO> of(Bundle bundle) {
    return runtime.getComponentDescriptionDTOs(bundle);
  }

  /** A configuration that may be there is not waited for where another component is live. */
  List<Finding> waiting(Bundle bundle) {
    boolean isLive = of(bundle).stream().anyMatch(this::isLive);
    return of(bundle).stream()
        .flatMap(component -> waiting(bundle, component))
        .filter(finding -> !isLive || !finding.problem().equals(Finding.NO_CONFIGURATION))
        .toList();
  }

  private boolean isLive(ComponentDescriptionDTO component) {
    return runtime.getComponentConfigurationDTOs(component).stream()
        .anyMatch(
            each ->
                each.state == ComponentConfigurationDTO.ACTIVE
                    || each.state == ComponentConfigurationDTO.SATISFIED);
  }

  private Stream<Finding> waiting(Bundle bundle, ComponentDescriptionDTO component) {
    if (!runtime.isComponentEnabled(component)) {
      return Stream.of(
          new Finding(
              Finding.DISABLED, component.name, "it is disabled; somebody has to enable it"));
    }
    Collection<ComponentConfigurationDTO> configurations =
        runtime.getComponentConfigurationDTOs(component);
    return configurations.isEmpty() && REQUIRED.equals(component.configurationPolicy)
        ? Stream.of(noConfiguration(component))
        : configurations.stream().flatMap(each -> waiting(bundle, component, each));
  }

  private static Stream<Finding> waiting(
      Bundle bundle, ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
    return switch (configuration.state) {
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
          Stream.of(noConfiguration(component));
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
          Arrays.stream(configuration.unsatisfiedReferences)
              .map(missing -> noService(bundle, component, missing));
      case ComponentConfigurationDTO.FAILED_ACTIVATION ->
          Stream.of(new Finding(Finding.FAILED, component.name, reason(configuration.failure)));
      default -> Stream.empty(); // active, or will be when somebody uses its service
    };
  }

  private static Finding noConfiguration(ComponentDescriptionDTO component) {
    return new Finding(
        Finding.NO_CONFIGURATION,
        component.name,
        "it is off until there is a configuration %s, or %s-NAME for each of several"
            .formatted(
                String.join(" or ", component.configurationPid), component.configurationPid[0]));
  }

  private static Finding noService(
      Bundle bundle, ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing) {
    String service =
        Arrays.stream(component.references)
            .filter(reference -> reference.name.equals(missing.name))
            .map(reference -> reference.interfaceName)
            .findFirst()
            .orElse("?");
    String target = missing.target == null ? "" : " with " + missing.target;
    List<ServiceReference<?>> there = services(bundle, service);
    String why;
    if (there.isEmpty()) {
      why = "there is no service " + service;
    } else if (there.stream().noneMatch(each -> each.isAssignableTo(bundle, service))) {
      why =
          "the service %s of %s is of another class: import its package, and leave it out of the jar"
              .formatted(service, Diagnosis.name(there.get(0).getBundle()));
    } else {
      why = "there is no service " + service + target + ", but " + there.size() + " without";
    }
    return new Finding(Finding.NO_SERVICE, component.name + ", " + missing.name, why);
  }

  private static List<ServiceReference<?>> services(Bundle bundle, String service) {
    BundleContext context = bundle.getBundleContext();
    try {
      ServiceReference<?>[] found =
          context == null ? null : context.getAllServiceReferences(service, null);
      return found == null ? List.of() : List.of(found);
    } catch (InvalidSyntaxException | IllegalStateException e) {
      return List.of(); // the bundle has just stopped
    }
  }

  /** What the innermost exception of a stack trace says. */
  static String reason(String failure) {
    List<String> lines = failure == null ? List.of() : failure.lines().toList();
    return Stream.concat(
            lines.stream().limit(1),
            lines.stream()
                .filter(line -> line.startsWith(CAUSE))
                .map(line -> line.substring(CAUSE.length())))
        .reduce("see the log", (before, last) -> last);
  }
}
