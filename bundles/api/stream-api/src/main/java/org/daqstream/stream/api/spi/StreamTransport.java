/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One stream type, registered as a service with the property {@link #STREAM_TYPE}. Of two with the
 * same type the higher {@code service.ranking} is used.
 *
 * <p>All calls may come from several threads at once, for different streams. The direction is right
 * when a call comes; whatever a transport throws ends that call and nothing else. When the service
 * goes the register closes its streams; a transport closes what is left in its deactivation.
 *
 * <p>What every transport must hold is tested by the contract in the test kit of this project.
 */
@ConsumerType
public interface StreamTransport {
  /** Service property: the type's name in the manifest, a String, case-sensitive. Required. */
  String STREAM_TYPE = "stream.type";

  /**
   * Checks the parameters of a definition. Touches no network and does not block. Called when a
   * manifest is deployed and again before an open.
   *
   * @param direction seen from the module
   * @param parameters see {@link StreamDefinition#parameters()}; empty when there are none. Unknown
   *     keys are ignored
   * @return everything wrong with them; empty when they are fine
   */
  List<ParameterProblem> validate(StreamDirection direction, Map<String, Object> parameters);

  /**
   * Opens an input. May block for name resolution and binding, not for peers.
   *
   * @param instance module instance, for names of threads and log lines
   * @param definition its parameters passed {@link #validate}
   * @param sink takes everything received; may be called before this returns
   * @return the open input
   * @throws StreamException ERROR with the cause in words, or NOTSUP
   */
  TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException;

  /**
   * Opens an output.
   *
   * @param instance module instance, for names of threads and log lines
   * @param definition its parameters passed {@link #validate}
   * @param sink hears of peers and failure, and grants memory; may be called before this returns
   * @return the open output
   * @throws StreamException ERROR with the cause in words, or NOTSUP
   */
  TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException;
}
