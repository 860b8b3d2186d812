/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.util.Map;

/** The same inside TLS. */
public class PosixTlsContractTest extends PosixContractTest {
  public PosixTlsContractTest() {
    super(new PosixTlsTransport(), Lack.BORDERS);
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    Map<String, Object> parameters = super.inputParameters(port);
    parameters.put("certificateFile", TlsBench.CERTIFICATES.file("server.crt"));
    parameters.put("privateKeyFile", TlsBench.CERTIFICATES.file("server.key"));
    return parameters;
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    Map<String, Object> parameters = super.outputParameters(port);
    parameters.put("trustFile", TlsBench.CERTIFICATES.file("ca.crt"));
    return parameters;
  }
}
