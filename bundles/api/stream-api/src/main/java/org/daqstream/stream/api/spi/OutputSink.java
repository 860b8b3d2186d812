/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Where a transport reports on one output, and what that may use. */
@ProviderType
public interface OutputSink extends PeerSink {
  /** {@return the memory for what waits to be sent, always the same} */
  SendBudget budget();
}
