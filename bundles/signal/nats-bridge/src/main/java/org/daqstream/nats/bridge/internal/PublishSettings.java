/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.config.support.Values;
import org.daqstream.nats.support.NatsOptions;

/**
 * The checked values of {@link PublishConfig}.
 *
 * @param isOnward whether imported signals go, too
 * @param isKeeping whether a stream keeps what was sent
 * @param messageBytes most of one message with several blocks
 * @param memoryBytes of the ring, and of what waits to be acknowledged
 */
record PublishSettings(
    NatsOptions server,
    Subjects subjects,
    List<String> signals,
    boolean isOnward,
    boolean isKeeping,
    int keepS,
    long keepBytes,
    int replicas,
    long delayNanos,
    int messageBytes,
    int memoryBytes) {

  static PublishSettings of(Values values, String name) {
    return new PublishSettings(
        ServerKeys.of(values, "daqstream-publish-" + name),
        ServerKeys.subjects(values),
        values.list("signals"),
        values.flag("onward"),
        values.flag("jetstream"),
        values.integer("keepS"),
        values.whole("keepBytes"),
        values.integer("replicas"),
        TimeUnit.MILLISECONDS.toNanos(values.integer("delayMs")),
        values.integer("messageBytes"),
        values.integer("memoryBytes"));
  }
}
