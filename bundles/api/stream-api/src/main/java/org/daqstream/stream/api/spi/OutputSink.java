/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Where a transport reports on one output, and what that may use. */
@ProviderType
public interface OutputSink extends PeerSink {

  /**
   * The memory for what waits to be sent.
   *
   * @return always the same
   */
  SendBudget budget();
}
