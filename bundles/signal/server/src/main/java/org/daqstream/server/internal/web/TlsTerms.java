/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import org.daqstream.config.support.RefusedException;
import org.daqstream.tls.support.FileProblem;
import org.daqstream.tls.support.TlsFiles;

/**
 * How the ports speak TLS, as configured.
 *
 * @param pid whose configuration it is, for messages
 * @param files own certificate and key, and those who may vouch for clients
 * @param clients what clients have to show
 */
public record TlsTerms(String pid, TlsFiles files, ClientCertificates clients) {
  /** What clients have to show. */
  public enum ClientCertificates {
    /** Nothing. */
    NONE,
    /** A certificate that is vouched for, or none. */
    WANT,
    /** A certificate that is vouched for. */
    NEED
  }

  /** Refuses files that cannot be used, naming key and file; reads them. */
  public void check() {
    try {
      files.read().context();
    } catch (FileProblem e) {
      throw new RefusedException(e.file().key(), e.file().path(), "cannot be used: " + e.words());
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
