/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.regex.Pattern;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;

/** The keys by which publishers and importers find their server, and log in. */
final class ServerKeys {
  private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*");
  private static final int SUBJECT_CHARS = 100;

  private ServerKeys() {}

  /** Where to connect, and as whom. */
  static NatsOptions of(Values values, String clientName) {
    String urls = String.join(",", values.list("url"));
    NatsOptions.Builder options;
    try {
      options = NatsOptions.to(NatsOptions.servers(urls)).clientName(clientName);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("url", urls, "cannot be used: " + e.getMessage());
    }
    String user = values.text("user");
    String token = secret(values, "token");
    boolean hasFile = values.isSet("credentials");
    if ((hasFile ? 1 : 0) + (user.isEmpty() ? 0 : 1) + (token.isEmpty() ? 0 : 1) > 1) {
      throw new RefusedException("user", user, "goes with neither 'credentials' nor 'token'");
    }
    return options
        .credentialsFile(file(values, "credentials"))
        .user(user, secret(values, "password"))
        .token(token)
        .tls(
            TlsFiles.pem(
                file(values, "tls.certificate"), file(values, "tls.key"), file(values, "tls.ca")),
            true)
        .build();
  }

  private static NamedFile file(Values values, String key) {
    return values.isSet(key) ? new NamedFile(key, values.text(key)) : NamedFile.NONE;
  }

  private static String secret(Values values, String key) {
    String text = values.text(key);
    if (text.startsWith("$[")) {
      throw new RefusedException(key, text, "is not there");
    }
    return text;
  }

  /** What subjects begin with. */
  static Subjects subjects(Values values) {
    String subject = values.text("subject", SUBJECT_CHARS);
    if (!SUBJECT.matcher(subject).matches()) {
      throw new RefusedException(
          "subject", subject, "must be letters, digits, '-' and '_', with dots between levels");
    }
    return new Subjects(subject);
  }
}
