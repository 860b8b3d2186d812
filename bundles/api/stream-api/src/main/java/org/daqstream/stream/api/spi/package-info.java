/**
 * What the author of a stream transport implements: one DS service {@link
 * org.daqstream.stream.api.spi.StreamTransport} per stream type. The register calls it when a
 * module opens a stream; the transport pushes what it receives into a bounded sink and stops
 * reading when the sink says so. What transports have in common is embedded in each of them, see
 * {@code transport-support}.
 */
@Export
@Version("1.1.0")
package org.daqstream.stream.api.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
