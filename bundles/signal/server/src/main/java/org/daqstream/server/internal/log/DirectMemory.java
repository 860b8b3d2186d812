/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** Memory outside the heap: what there may be of it, and how to give it back. */
public final class DirectMemory {
  private DirectMemory() {}

  /** The most bytes that the virtual machine takes; the largest number if it does not tell. */
  public static long limitBytes() {
    try {
      Object option =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                  "getVMOption",
                  new Object[] {"MaxDirectMemorySize"},
                  new String[] {String.class.getName()});
      long bytes = Long.parseLong((String) ((CompositeData) option).get("value"));
      return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory();
    } catch (JMException | RuntimeException e) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Gives memory, no view, back without waiting for a collection, where the virtual machine can;
   * nobody may read or write it, or a view of it, from now on.
   */
  static void free(ByteBuffer memory) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe", true, null);
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method clean = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
      clean.invoke(instance.get(null), memory);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // The next collection does.
    }
  }
}
