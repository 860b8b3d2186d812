/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;

/**
 * A server, client, signal or stream for JMX: read-only attributes of simple types, as of the last
 * sampling, so that reading them costs the servers nothing. Any thread.
 */
final class MetricBean implements DynamicMBean {
  private final String description;
  private volatile Map<String, Object> values;

  MetricBean(String description, Map<String, Object> values) {
    this.description = description;
    this.values = values;
  }

  /** Takes new values: {@code Long}, {@code Double} or {@code String}; not to be changed later. */
  void setValues(Map<String, Object> newValues) {
    values = newValues;
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException {
    Object value = values.get(name);
    if (value == null) {
      throw new AttributeNotFoundException(name);
    }
    return value;
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    AttributeList found = new AttributeList();
    Map<String, Object> now = values;
    for (String name : names) {
      if (now.containsKey(name)) {
        found.add(new Attribute(name, now.get(name)));
      }
    }
    return found;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String operation, Object[] arguments, String[] signature) {
    throw new UnsupportedOperationException(operation);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes =
        values.entrySet().stream()
            .map(
                entry ->
                    new MBeanAttributeInfo(
                        entry.getKey(),
                        entry.getValue().getClass().getName(),
                        entry.getKey(),
                        true,
                        false,
                        false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(MetricBean.class.getName(), description, attributes, null, null, null);
  }
}
