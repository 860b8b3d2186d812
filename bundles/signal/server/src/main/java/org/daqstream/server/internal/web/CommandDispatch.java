/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.server.internal.fanout.Command;
import org.daqstream.server.internal.fanout.Outcome;

/**
 * What a request asks of a session, or why it cannot be done, by JSON-RPC code and message and
 * without a kind; the same for both command interfaces.
 */
record CommandDispatch(
    String sessionId,
    Command.Kind kind,
    List<String> signalIds,
    int errorCode,
    String errorMessage) {
  /** Why a command has fewer results than signals. */
  static final String ABANDONED = "the client is closing or has too many commands waiting";

  static CommandDispatch of(CommandRequest request, Predicate<String> isSessionId) {
    CommandRequest.Target target = request.target(isSessionId);
    if (!isSessionId.test(target.streamId())) {
      return refusal(CommandResponse.METHOD_NOT_FOUND, "unknown stream in method");
    }
    Command.Kind kind =
        switch (target.command()) {
          case CommandRequest.SUBSCRIBE -> Command.Kind.SUBSCRIBE;
          case CommandRequest.UNSUBSCRIBE -> Command.Kind.UNSUBSCRIBE;
          default -> null;
        };
    if (kind == null) {
      return refusal(CommandResponse.METHOD_NOT_FOUND, "unknown command: " + target.command());
    }
    if (!request.namesSignals()) {
      return refusal(
          CommandResponse.INVALID_PARAMS,
          "params must be an array of signal ids, not: " + request.params().getNodeType());
    }
    return new CommandDispatch(target.streamId(), kind, request.signalIds(), 0, "");
  }

  private static CommandDispatch refusal(int code, String why) {
    return new CommandDispatch("", null, List.of(), code, why);
  }

  boolean isRefused() {
    return kind == null;
  }

  Command command(Consumer<Outcome> whenDone) {
    return new Command(kind, signalIds, whenDone);
  }
}
