/**
 * Named, one-way, asynchronous byte streams between module instances, as a module sees them. A
 * deployment manifest names the streams of each module instance; a module asks for its instance's
 * {@link org.daqstream.stream.api.StreamClient}, opens streams by name, writes without waiting and
 * reads by callback. The semantics and result numbers are those of EVP streams.
 */
@Export
@Version("1.0.0")
package org.daqstream.stream.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
