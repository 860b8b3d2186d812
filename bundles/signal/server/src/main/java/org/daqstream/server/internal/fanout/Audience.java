/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who subscribed to which signal, and which signals had something since the last turn: so that
 * clients that have everything and wait cost a turn nothing. Belongs to the fan-out thread.
 */
final class Audience {
  /** With more signals than these in a turn everybody is looked after. */
  private static final int TOUCHED_MAX = 256;

  private final List<List<Client>> bySigno = new ArrayList<>();
  private final int[] touched = new int[TOUCHED_MAX];
  private int touchedCount;
  private boolean isAllTouched;
  private int turn = 1;
  private int[] touchedTurn = {}; // by signal number
  private boolean isWatched;

  void add(int signo, Client client) {
    while (bySigno.size() <= signo) {
      bySigno.add(new ArrayList<>(0));
    }
    bySigno.get(signo).add(client);
  }

  void remove(int signo, Client client) {
    bySigno.get(signo).remove(client);
  }

  /** Begins a turn: nothing is touched; tells whether anybody wants to know what will be. */
  void begin(boolean watched) {
    turn++;
    touchedCount = 0;
    isAllTouched = false;
    isWatched = watched;
  }

  /** Whether it is to be told what is touched. */
  boolean isWatched() {
    return isWatched;
  }

  /** There are data of a signal. */
  void touch(int signo) {
    if (signo >= touchedTurn.length) {
      touchedTurn = Arrays.copyOf(touchedTurn, Math.max(16, 2 * signo));
    }
    if (touchedTurn[signo] != turn) {
      touchedTurn[signo] = turn;
      if (touchedCount == TOUCHED_MAX) {
        isAllTouched = true;
      } else {
        touched[touchedCount++] = signo;
      }
    }
  }

  /** There is something for all. */
  void touchAll() {
    isAllTouched = true;
  }

  boolean isAllTouched() {
    return isAllTouched;
  }

  /** Names those who subscribed to what was touched, one perhaps several times. */
  void forEachTouched(Consumer<Client> subscriber) {
    for (int i = 0; i < touchedCount; i++) {
      if (touched[i] < bySigno.size()) {
        List<Client> subscribers = bySigno.get(touched[i]);
        for (int k = 0; k < subscribers.size(); k++) {
          subscriber.accept(subscribers.get(k));
        }
      }
    }
  }
}
