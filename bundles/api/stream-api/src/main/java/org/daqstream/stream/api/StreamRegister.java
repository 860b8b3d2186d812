/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service behind all streams: what is deployed, which stream types are there, what is open. For
 * modules without DS, for shells and for management.
 */
@ProviderType
public interface StreamRegister {
  /**
   * {@return a new client for a module instance, whether a manifest names it already or not; the
   * caller closes it}
   *
   * @param instance name in the manifest
   */
  StreamClient client(String instance);

  /**
   * Takes a deployment manifest, in place of the one the same source gave before. Open streams
   * whose definition stays equal go on untouched; those whose definition changed or vanished end,
   * see {@link StreamListener#ended}. Either everything is taken or nothing.
   *
   * @param source who gives it, for example a file name
   * @param manifest JSON: an object with {@code instanceSpecs}, or one with {@code
   *     deploymentManifest} around it
   * @throws ManifestException when it is refused; what ran before goes on unchanged
   */
  void deploy(String source, String manifest) throws ManifestException;

  /**
   * Takes back what a source deployed. Its open streams end.
   *
   * @param source as given to {@link #deploy}; an unknown one does nothing
   */
  void undeploy(String source);

  /** {@return what is deployed: instance name to its streams; a copy} */
  Map<String, List<StreamDefinition>> instances();

  /**
   * {@return who deployed what: source, as given to {@link #deploy}, to the names of its instances;
   * a copy}
   */
  Map<String, Set<String>> sources();

  /** {@return the stream types that can be opened now, sorted; a copy} */
  Set<String> types();

  /** {@return every open stream of every client; a copy} */
  List<StreamInfo> streams();
}
