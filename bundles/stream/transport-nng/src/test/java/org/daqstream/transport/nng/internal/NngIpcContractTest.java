/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** The same over a socket in the file system. */
public class NngIpcContractTest extends NngContractTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Override
  String url(int port) {
    return "ipc://" + folder.getRoot() + "/s";
  }
}
