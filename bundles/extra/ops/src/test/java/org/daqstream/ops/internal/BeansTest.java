/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** What a JMX console sees. */
public class BeansTest {
  private static final String SERVER = "org.daqstream:type=Server,server=bench";

  private final Bench bench = new Bench();
  private final MBeanServer jmx = MBeanServerFactory.newMBeanServer();
  private final BeanUpdater updater = new BeanUpdater(bench::collect, new Beans(jmx));

  @After
  public void stop() {
    updater.stop();
  }

  private Set<String> names() throws Exception {
    Set<String> names = new TreeSet<>();
    jmx.queryNames(new ObjectName("org.daqstream:*"), null)
        .forEach(name -> names.add(name.getCanonicalName()));
    return names;
  }

  private Object attribute(String bean, String attribute) throws Exception {
    return jmx.getAttribute(new ObjectName(bean), attribute);
  }

  @Test
  public void beansComeAndGoWithWhatTheyAreOf() throws Exception {
    bench.server.clients.add(FakeServer.client("c1", "x", 0));
    bench.server.signals.add(new SignalTraffic("v", 2, 1, 20, 10, 160));
    bench.addSignal("v", true, "");
    bench.addStream(3);
    updater.update();
    assertEquals(
        Set.of(
            "org.daqstream:type=Metrics",
            "org.daqstream:server=bench,type=Server",
            "org.daqstream:client=c1,server=bench,type=Client",
            "org.daqstream:signal=v,type=Signal",
            "org.daqstream:server=bench,signal=v,type=SignalTraffic",
            "org.daqstream:handle=3,instance=camera,stream=frames,type=Stream"),
        names());
    bench.server.clients.clear();
    bench.streams.clear();
    bench.addSignal("w", true, "");
    updater.update();
    assertEquals(
        Set.of(
            "org.daqstream:type=Metrics",
            "org.daqstream:server=bench,type=Server",
            "org.daqstream:signal=v,type=Signal",
            "org.daqstream:signal=w,type=Signal",
            "org.daqstream:server=bench,signal=v,type=SignalTraffic"),
        names());
    updater.stop();
    assertEquals(Set.of(), names());
  }

  @Test
  public void attributesAreOfSimpleTypes() throws Exception {
    bench.server.clients.add(FakeServer.client("c1", "scope/1", 50));
    bench.addSignal("v", false, "no writer");
    bench.addStream(3);
    updater.update();
    for (String name : names()) {
      for (MBeanAttributeInfo info : jmx.getMBeanInfo(new ObjectName(name)).getAttributes()) {
        Object value = attribute(name, info.getName());
        assertTrue(info.toString(), info.isReadable() && !info.isWritable());
        assertEquals(info.toString(), info.getType(), value.getClass().getName());
        assertTrue(info.getType(), info.getType().matches("java.lang.(Long|Double|String)"));
        assertTrue(info.getName(), info.getName().matches("[A-Z][A-Za-z0-9]*"));
      }
    }
    String client = "org.daqstream:type=Client,server=bench,client=c1";
    assertEquals(0.5, attribute(client, "LagRatio"));
    assertEquals(5L, attribute(client, "PendingBytes"));
    assertEquals("scope/1", attribute(client, "UserAgent"));
    assertEquals(12_345_678_901L, attribute(client, "SentBytes"));
    assertEquals("no writer", attribute("org.daqstream:type=Signal,signal=v", "Reason"));
    assertEquals(3L, attribute("org.daqstream:type=Signal,signal=v", "BlocksAccepted"));
    assertEquals(4L, attribute(SERVER, "PublishSecondsCount"));
    assertEquals(128e-9, attribute(SERVER, "PublishSecondsP50Max"));
    assertEquals(Double.POSITIVE_INFINITY, attribute(SERVER, "PublishSecondsP99Max"));
  }

  @Test
  public void namesWithSpecialCharactersAreQuoted() throws Exception {
    bench.addSignal("a,b=\"c\"*?", true, "");
    updater.update();
    ObjectName name =
        new ObjectName("org.daqstream:type=Signal,signal=" + ObjectName.quote("a,b=\"c\"*?"));
    assertEquals("time", jmx.getAttribute(name, "Table"));
  }

  @Test
  public void beansOfAnotherRuntimeAreLeftAlone() throws Exception {
    Bench other = new Bench();
    other.server.sentBytes = 42;
    BeanUpdater first = new BeanUpdater(other::collect, new Beans(jmx));
    first.update();
    updater.update();
    updater.stop();
    assertEquals(42L, attribute(SERVER, "SentBytes"));
    first.stop();
    assertEquals(Set.of(), names());
  }

  @Test
  public void attributesAreReadOnlyAndUnknownOnesAreSaid() throws Exception {
    updater.update();
    ObjectName name = new ObjectName(SERVER);
    assertThrows(AttributeNotFoundException.class, () -> attribute(SERVER, "Nothing"));
    assertThrows(
        AttributeNotFoundException.class,
        () -> jmx.setAttribute(name, new Attribute("SentBytes", 1L)));
    AttributeList some = jmx.getAttributes(name, new String[] {"SentBytes", "Nothing"});
    assertEquals(List.of(new Attribute("SentBytes", 0L)), some.asList());
  }

  @Test
  public void aServiceThatFailsInWhateverWayIsAskedAgain() throws Exception {
    CountDownLatch asked = new CountDownLatch(3);
    BeanUpdater other =
        new BeanUpdater(
            () -> {
              asked.countDown();
              throw new NoClassDefFoundError("its bundle was updated");
            },
            new Beans(jmx));
    other.start(1);
    assertTrue(asked.await(20, TimeUnit.SECONDS));
    other.stop();
  }

  @Test
  public void theThreadEndsWithTheSampler() {
    updater.start(100);
    updater.stop();
    Await.noThread("daqstream-ops");
  }
}
