/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.hc.api.HealthCheck;
import org.daqstream.itest.plugin.CommandedModule;
import org.daqstream.itest.plugin.CounterSource;
import org.daqstream.itest.plugin.Observer;
import org.daqstream.itest.plugin.OwnTransport;
import org.daqstream.itest.plugin.StampedWriterFactory;
import org.daqstream.ops.api.MetricSource;
import org.daqstream.server.api.HttpPage;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.spi.StreamTransport;

/** Bundles with one component, as a plug-in's author would deliver them, in any version. */
final class PluginJar {
  private static final String COMPONENT = "OSGI-INF/component.xml";

  private final Manifest manifest = new Manifest();
  private final String symbolicName;
  private String component;
  private final Class<?>[] classes;

  private PluginJar(String symbolicName, int version, String component, Class<?>... classes) {
    this.symbolicName = symbolicName;
    this.component = component;
    this.classes = classes;
    header("Manifest-Version", "1.0");
    header("Bundle-ManifestVersion", "2");
    header("Bundle-SymbolicName", symbolicName);
    header("Bundle-Version", version + ".0.0");
    header("Service-Component", COMPONENT);
    header(
        "Import-Package",
        "org.osgi.framework,org.daqstream.signal.api,org.daqstream.signal.api.writer");
  }

  /** A writer for the data type of {@link StampedWriterFactory}. */
  static PluginJar writer(String symbolicName, int version, int ranking, String behaviour) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s">
          <property name="%s" value="%s"/>
          <property name="service.ranking" type="Integer" value="%d"/>
          <service><provide interface="%s"/></service>
          <implementation class="%s"/>
        </scr:component>
        """
            .formatted(
                symbolicName,
                SignalWriterFactory.SIGNAL_DATATYPE,
                StampedWriterFactory.DATA_TYPE,
                ranking,
                SignalWriterFactory.class.getName(),
                StampedWriterFactory.class.getName());
    return new PluginJar(
            symbolicName,
            version,
            component,
            StampedWriterFactory.class,
            StampedWriterFactory.class.getDeclaredClasses()[0])
        .header(StampedWriterFactory.BEHAVIOUR, behaviour);
  }

  /** A source that publishes what {@link CounterSource} does. */
  static PluginJar source(String symbolicName, int version) {
    return source(symbolicName, version, CounterSource.class);
  }

  /** A source whose component takes the registry and is closed in the end. */
  static PluginJar source(String symbolicName, int version, Class<?> source) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" init="1"
            immediate="true" deactivate="close">
          <reference name="registry" interface="%s" parameter="0"/>
          <implementation class="%s"/>
        </scr:component>
        """
            .formatted(symbolicName, SignalRegistry.class.getName(), source.getName());
    List<Class<?>> classes = new ArrayList<>(List.of(source.getDeclaredClasses()));
    classes.add(source);
    return new PluginJar(symbolicName, version, component, classes.toArray(Class<?>[]::new));
  }

  /** A module that stands for an instance of the manifest and does as it is told. */
  static PluginJar module(String instance) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%1$s" init="1"
            immediate="true">
          <property name="%2$s" value="%1$s"/>
          <service><provide interface="java.util.function.UnaryOperator"/></service>
          <reference name="streams" interface="%3$s" target="(%4$s=%1$s)" parameter="0"/>
          <implementation class="%5$s"/>
        </scr:component>
        """
            .formatted(
                instance,
                CommandedModule.MODULE,
                org.daqstream.stream.api.StreamClient.class.getName(),
                org.daqstream.stream.api.StreamClient.STREAM_INSTANCE,
                CommandedModule.class.getName());
    return new PluginJar(instance, 1, component, CommandedModule.class)
        .header("Import-Package", "org.daqstream.stream.api");
  }

  /** The stream type of {@link OwnTransport}. */
  static PluginJar transport(String symbolicName, int version) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s">
          <property name="%s" value="%s"/>
          <service><provide interface="%s"/></service>
          <implementation class="%s"/>
        </scr:component>
        """
            .formatted(
                symbolicName,
                StreamTransport.STREAM_TYPE,
                OwnTransport.TYPE,
                StreamTransport.class.getName(),
                OwnTransport.class.getName());
    return new PluginJar(
            symbolicName,
            version,
            component,
            Stream.concat(
                    Stream.of(OwnTransport.class),
                    Stream.of(OwnTransport.class.getDeclaredClasses()))
                .toArray(Class<?>[]::new))
        .header("Import-Package", "org.daqstream.stream.api,org.daqstream.stream.api.spi");
  }

  /** What {@link Observer} does. */
  static PluginJar observer(String symbolicName, int version) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" init="1">
          <property name="%s" value="%s"/>
          <property name="%s" value="%s"/>
          <service>
            <provide interface="%s"/>
            <provide interface="%s"/>
            <provide interface="%s"/>
          </service>
          <reference name="metrics" interface="%s" parameter="0"/>
          <implementation class="%s"/>
        </scr:component>
        """
            .formatted(
                symbolicName,
                HttpPage.PATH,
                Observer.PATH,
                HealthCheck.NAME,
                Observer.CHECK,
                CommandHost.class.getName(),
                HttpPage.class.getName(),
                HealthCheck.class.getName(),
                MetricSource.class.getName(),
                Observer.class.getName());
    return new PluginJar(symbolicName, version, component, Observer.class)
        .header(
            "Import-Package",
            "org.apache.felix.hc.api,org.daqstream.ops.api,org.daqstream.server.api,"
                + "org.daqstream.shell.api");
  }

  /** A component that provides no service and is never made, since its references are missing. */
  static PluginJar component(String symbolicName, String references) {
    String component =
        """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s"
            immediate="true">
          %s<implementation class="java.lang.Object"/>
        </scr:component>
        """
            .formatted(symbolicName, references);
    return new PluginJar(symbolicName, 1, component);
  }

  /** With nothing but headers. */
  static PluginJar empty(String symbolicName) {
    PluginJar jar = new PluginJar(symbolicName, 1, "");
    jar.manifest.getMainAttributes().remove(new Attributes.Name("Service-Component"));
    return jar;
  }

  /** Has the component wait for a configuration of its name. */
  PluginJar requiringConfiguration() {
    component = component.replace("immediate=", "configuration-policy=\"require\" immediate=");
    return this;
  }

  String name() {
    return symbolicName;
  }

  PluginJar header(String name, String value) {
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue(name, value);
    return this;
  }

  /** The bytes of the jar. */
  InputStream open() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new JarEntry(COMPONENT));
      jar.write(component.getBytes(UTF_8));
      for (Class<?> each : classes) {
        String path = each.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(path));
        try (InputStream file = each.getClassLoader().getResourceAsStream(path)) {
          file.transferTo(jar);
        }
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
