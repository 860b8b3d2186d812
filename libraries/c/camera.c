/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * camera SOCKET INSTANCE [FRAMES]: sends ten frames of 64 KiB a second on its output "frames", and
 * waits by poll, as a program does that has other descriptors, too. A frame begins with its number,
 * 64 bits, big endian. A frame that finds no room is left out.
 */

#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daqstream.h"

enum { FRAME_BYTES = 65536, INTERVAL_MS = 100, SOON_MS = 5000 };

static daqstream *client;

static void stop(int signal) {
  (void)signal;
  daqstream_request_stop(client);
}

static int on_up(void *context, int handle, uint64_t peer, const char *address) {
  (void)context, (void)handle;
  printf("peer %llu: %s\n", (unsigned long long)peer, address);
  return 0;
}

static int on_ended(void *context, int handle, const char *cause) {
  (void)context, (void)handle;
  printf("ended, for now: %s\n", cause);
  return 0;
}

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Does what the client has to do until then; false when it was asked to stop. */
static int live_until(long long when) {
  for (long long left = when - now_ms(); left > 0; left = when - now_ms()) {
    int wait_ms = daqstream_wait_ms(client);
    int wants = daqstream_wants(client);
    struct pollfd polled = {.fd = daqstream_fd(client)}; /* -1 is not looked at */
    polled.events = (short)(((wants & DAQSTREAM_READABLE) != 0 ? POLLIN : 0) |
                            ((wants & DAQSTREAM_WRITABLE) != 0 ? POLLOUT : 0));
    poll(&polled, 1, wait_ms < 0 || wait_ms > left ? (int)left : wait_ms);
    if (daqstream_process_event(client, 0) == DAQSTREAM_SHOULDEXIT) {
      return 0;
    }
  }
  return 1;
}

static void send_frames(int handle, long frames) {
  static unsigned char frame[FRAME_BYTES];
  long long next = now_ms();
  for (unsigned long long number = 0; frames-- != 0; number++) {
    for (int i = 0; i < 8; i++) {
      frame[i] = (unsigned char)(number >> (56 - 8 * i));
    }
    daqstream_result result = daqstream_write(client, handle, frame, sizeof frame);
    if (result != DAQSTREAM_OK) {
      printf("frame %llu left out: %s\n", number, daqstream_result_name(result));
    }
    if (!live_until(next += INTERVAL_MS)) {
      return;
    }
  }
}

int main(int count, char **words) {
  if (count < 3 || (client = daqstream_new(
                        &(daqstream_options){.path = words[1], .instance = words[2]})) == NULL) {
    fprintf(stderr, "usage: %s SOCKET INSTANCE [FRAMES]\n", words[0]);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  int handle;
  daqstream_listener listener = {.peer_up = on_up, .ended = on_ended};
  daqstream_result result = daqstream_connect(client, -1);
  if (result == DAQSTREAM_OK) {
    result = daqstream_open_output(client, "frames", &listener, SOON_MS, &handle);
  }
  if (result == DAQSTREAM_OK) {
    daqstream_lost lost;
    send_frames(handle, count > 3 ? atol(words[3]) : -1);
    result = daqstream_close(client, handle, 1000, SOON_MS, &lost);
    printf("closed, %s, %llu messages lost\n", daqstream_result_name(result),
           (unsigned long long)lost.messages);
  } else {
    fprintf(stderr, "%s: %s\n", daqstream_result_name(result), daqstream_last_error(client));
  }
  daqstream_free(client, 0);
  return result == DAQSTREAM_OK ? 0 : 1;
}
