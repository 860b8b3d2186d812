/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import java.util.Arrays;
import java.util.List;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Finds the bundle that somebody means who types {@code stop 34} or {@code stop
 * org.daqstream.discovery}. Gogo leaves that to its consoles.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
  private final BundleContext context;

  @Activate
  public BundleConverter(BundleContext context) {
    this.context = context;
  }

  /** A bundle by its number, or by its symbolic name when there is one version of it. */
  @Override
  public Object convert(Class<?> desiredType, Object in) {
    if (desiredType != Bundle.class) {
      return null;
    }
    String word = in.toString();
    try {
      return context.getBundle(Long.parseLong(word));
    } catch (NumberFormatException e) {
      List<Bundle> named =
          Arrays.stream(context.getBundles())
              .filter(bundle -> word.equals(bundle.getSymbolicName()))
              .toList();
      return named.size() == 1 ? named.get(0) : null;
    }
  }

  /** As in a sentence. */
  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return target instanceof Bundle bundle
        ? bundle.getBundleId() + " " + bundle.getSymbolicName() + " " + bundle.getVersion()
        : null;
  }
}
