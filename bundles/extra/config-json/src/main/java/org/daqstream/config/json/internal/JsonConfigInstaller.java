/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import com.fasterxml.jackson.core.JacksonException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.daqstream.base.support.ForeignText;
import org.daqstream.config.support.Values;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code <PID>.cfg.json} and {@code <factory PID>-<name>.cfg.json} are configurations as long as
 * the file is there. A file that cannot be read is logged in one line and changes nothing. File
 * Install calls from its own thread, one call at a time.
 */
record JsonConfigInstaller(BundleContext context) implements ArtifactInstaller {
  private static final Logger LOG = LoggerFactory.getLogger(JsonConfigInstaller.class);

  /** Whose components know what {@link Values#UNREADABLE} means. */
  private static final String OURS = "org.daqstream.";

  private static final String SUFFIX = ".cfg.json";

  /** The property by which File Install, too, remembers where a configuration comes from. */
  private static final String FILE = "felix.fileinstall.filename";

  @Override
  public boolean canHandle(File file) {
    return file.getName().endsWith(SUFFIX);
  }

  @Override
  public void install(File file) {
    update(file);
  }

  @Override
  public void update(File file) {
    try {
      Map<String, Object> properties =
          JsonConfig.read(JsonConfig.text(Files.readAllBytes(file.toPath())));
      properties.put(FILE, file.toURI().toString());
      change(
          file,
          configuration -> {
            Object other = other(configuration, file);
            if (other != null) {
              throw new IOException(configuration.getPid() + " is configured by " + other);
            }
            configuration.updateIfDifferent(FrameworkUtil.asDictionary(properties));
          });
    } catch (JacksonException e) {
      Object line = e.getLocation() == null ? "?" : e.getLocation().getLineNr();
      refuse(file, ", line " + line + ": " + e.getOriginalMessage());
    } catch (IOException | IllegalArgumentException e) {
      refuse(file, ": " + e.getMessage());
    }
  }

  /** Half a file does not stand for the defaults, also when nothing was configured before. */
  private void refuse(File file, String why) {
    LOG.error("{}{}; what was configured before stays", file, ForeignText.plain(why));
    try {
      change(
          file,
          configuration -> {
            if (configuration.getProperties() == null && configuration.getPid().startsWith(OURS)) {
              configuration.update(
                  FrameworkUtil.asDictionary(
                      Map.of(FILE, file.toURI().toString(), Values.UNREADABLE, true)));
            }
          });
    } catch (IOException e) {
      LOG.error("{}: {}", file, e.getMessage());
    }
  }

  @Override
  public void uninstall(File file) {
    try {
      change(
          file,
          configuration -> {
            if (other(configuration, file) == null) {
              configuration.delete();
            }
          });
    } catch (IOException e) {
      LOG.error("{}: {}", file, e.getMessage());
    }
  }

  private interface Change {
    void apply(Configuration configuration) throws IOException;
  }

  private void change(File file, Change change) throws IOException {
    ServiceReference<ConfigurationAdmin> reference =
        context.getServiceReference(ConfigurationAdmin.class);
    ConfigurationAdmin admin = reference == null ? null : context.getService(reference);
    if (admin == null) {
      throw new IOException("there is no Configuration Admin");
    }
    try {
      change.apply(configuration(admin, file.getName()));
    } finally {
      context.ungetService(reference);
    }
  }

  private static Configuration configuration(ConfigurationAdmin admin, String fileName)
      throws IOException {
    String pid = fileName.substring(0, fileName.length() - SUFFIX.length());
    int end = pid.indexOf('~') > 0 ? pid.indexOf('~') : pid.indexOf('-');
    return end <= 0
        ? admin.getConfiguration(pid, "?")
        : admin.getFactoryConfiguration(pid.substring(0, end), pid.substring(end + 1), "?");
  }

  /** Another file that is there and says what is configured; null when there is none. */
  private static Object other(Configuration configuration, File file) {
    Dictionary<String, Object> before = configuration.getProperties();
    Object source = before == null ? null : before.get(FILE);
    return source != null
            && !source.equals(file.toURI().toString())
            && Files.exists(Path.of(URI.create(source.toString())))
        ? source
        : null;
  }
}
