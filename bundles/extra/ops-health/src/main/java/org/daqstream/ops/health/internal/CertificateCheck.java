/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamRegister;

/** How long the certificates are valid that deployed streams name in their parameters. */
record CertificateCheck(List<StreamRegister> streams, Settings settings, Clock clock)
    implements HealthCheck {
  private static final List<String> PARAMETERS = List.of("certificateFile", "trustFile");

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (StreamRegister register : streams) {
      register
          .instances()
          .forEach((instance, streams) -> streams.forEach(stream -> check(instance, stream, log)));
    }
    if (!log.iterator().hasNext()) {
      log.info("no deployed stream has a certificate");
    }
    return new Result(log);
  }

  private void check(String instance, StreamDefinition stream, FormattingResultLog log) {
    for (String parameter : PARAMETERS) {
      if (stream.parameters().get(parameter) instanceof String file && !file.isEmpty()) {
        check(
            "instance '%s', stream '%s', %s %s".formatted(instance, stream.name(), parameter, file),
            file,
            log);
      }
    }
  }

  private void check(String where, String file, FormattingResultLog log) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        log.critical("{} holds no certificate", where);
      }
      for (Certificate certificate : certificates) {
        if (certificate instanceof X509Certificate x509) {
          check(where, x509, log);
        }
      }
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      log.critical("{} cannot be read: {}", where, e.toString());
    }
  }

  private void check(String where, X509Certificate certificate, FormattingResultLog log) {
    String whose = where + ": certificate of " + certificate.getSubjectX500Principal();
    Instant now = clock.instant();
    Instant end = certificate.getNotAfter().toInstant();
    long days = Duration.between(now, end).toDays();
    if (!end.isAfter(now)) {
      log.critical("{} expired on {}", whose, end);
    } else if (certificate.getNotBefore().toInstant().isAfter(now)) {
      log.critical("{} is not valid before {}", whose, certificate.getNotBefore().toInstant());
    } else if (days < settings.certificateWarnDays()) {
      log.warn(
          "{} expires on {}, in {} days (key {} = {})",
          whose,
          end,
          days,
          Settings.CERTIFICATE_WARN_DAYS,
          settings.certificateWarnDays());
    } else {
      log.info("{} is valid until {}", whose, end);
    }
  }
}
