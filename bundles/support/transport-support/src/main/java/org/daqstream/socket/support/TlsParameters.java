/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import org.daqstream.stream.api.StreamDirection;
import org.daqstream.tls.support.NamedFile;
import org.daqstream.tls.support.TlsFiles;
import org.daqstream.transport.support.ParameterReader;

/**
 * What streams inside TLS add. The files are PEM; they are read when the stream is opened, and
 * again when they change.
 *
 * @param certificateFile own certificate, then those between it and the root; empty: an output
 *     shows none
 * @param privateKeyFile its key, not encrypted; empty without a certificate
 * @param trustFile certificates of those who may vouch for the other side; empty: an input asks for
 *     no certificate
 * @param requireClientCertificate inputs: a peer must show a certificate
 * @param verifyHostname outputs: the peer's certificate must bear the name or address dialled
 */
public record TlsParameters(
    String certificateFile,
    String privateKeyFile,
    String trustFile,
    boolean requireClientCertificate,
    boolean verifyHostname) {
  /** Reads and checks them. */
  public static TlsParameters read(StreamDirection direction, ParameterReader reader) {
    boolean in = direction == StreamDirection.IN;
    boolean require = reader.flag("requireClientCertificate", false);
    TlsParameters tls =
        new TlsParameters(
            in ? reader.text("certificateFile") : reader.text("certificateFile", ""),
            in ? reader.text("privateKeyFile") : reader.text("privateKeyFile", ""),
            in && !require ? reader.text("trustFile", "") : reader.text("trustFile"),
            require,
            reader.flag("verifyHostname", true));
    if (!in && tls.certificateFile.isEmpty() != tls.privateKeyFile.isEmpty()) {
      reader.refuse(
          tls.certificateFile.isEmpty() ? "certificateFile" : "privateKeyFile",
          "certificateFile and privateKeyFile go together");
    }
    return tls;
  }

  /** Where they are. */
  public TlsFiles files() {
    return TlsFiles.pem(
        new NamedFile("certificateFile", certificateFile),
        new NamedFile("privateKeyFile", privateKeyFile),
        trustFile.isEmpty() ? NamedFile.NONE : new NamedFile("trustFile", trustFile));
  }
}
