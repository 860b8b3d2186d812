/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the MBeans in step with what there is; one thread at a time. */
final class Beans {
  private static final Logger LOG = LoggerFactory.getLogger(Beans.class);

  private final MBeanServer server;
  private final Map<ObjectName, MetricBean> registered = new HashMap<>();
  private boolean saidTaken;

  Beans(MBeanServer server) {
    this.server = server;
  }

  /** Registers what is new, updates what is known, unregisters what is gone. */
  void update(Map<ObjectName, Map<String, Object>> wanted) {
    Set.copyOf(registered.keySet()).stream()
        .filter(name -> !wanted.containsKey(name))
        .forEach(this::unregister);
    wanted.forEach(
        (name, values) -> {
          MetricBean known = registered.get(name);
          if (known != null) {
            known.setValues(values);
          } else {
            register(name, values);
          }
        });
  }

  private void register(ObjectName name, Map<String, Object> values) {
    MetricBean bean = new MetricBean(name.getKeyProperty("type"), values);
    try {
      server.registerMBean(bean, name);
      registered.put(name, bean);
    } catch (InstanceAlreadyExistsException e) { // of another framework in this JVM
      if (!saidTaken) {
        saidTaken = true;
        LOG.warn("MBean {} is there already and not of this runtime; it is left as it is", name);
      }
    } catch (JMException e) {
      LOG.warn("MBean {} cannot be registered: {}", name, e.toString());
    }
  }

  private void unregister(ObjectName name) {
    registered.remove(name);
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      LOG.debug("MBean {} is gone already", name, e);
    } catch (JMException e) {
      LOG.warn("MBean {} cannot be unregistered: {}", name, e.toString());
    }
  }

  void clear() {
    update(Map.of());
  }
}
