/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Signals that are subscribed for a moment, to be described. */
final class Descriptions {
  private final Map<String, RemoteSubscription> open = new LinkedHashMap<>();

  Descriptions(StreamingClient client, Collection<String> signalIds) {
    for (String each : signalIds) {
      open.computeIfAbsent(
          each, id -> client.subscribe(id, SubscriptionOptions.DEFAULT.direct(), block -> {}));
    }
  }

  /** Those that were given, when all have been given or refused, or the time is over. */
  CompletableFuture<Map<String, RemoteSignal>> within(long timeoutMs, Executor executor) {
    Map<String, CompletableFuture<RemoteSignal>> asked = new LinkedHashMap<>();
    open.forEach(
        (id, subscription) ->
            asked.put(
                id,
                subscription
                    .description()
                    .toCompletableFuture()
                    .completeOnTimeout(null, timeoutMs, TimeUnit.MILLISECONDS)
                    .exceptionally(refusal -> null)));
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(all -> given(asked), executor);
  }

  private Map<String, RemoteSignal> given(Map<String, CompletableFuture<RemoteSignal>> asked) {
    open.values().forEach(RemoteSubscription::close);
    return asked.entrySet().stream()
        .filter(each -> each.getValue().join() != null)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each -> each.getValue().join(),
                (a, b) -> a,
                LinkedHashMap::new));
  }
}
