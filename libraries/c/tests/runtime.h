/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* A runtime that says what the test tells it to, on the test's own thread. */

#ifndef RUNTIME_H
#define RUNTIME_H

#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "check.h"

struct runtime {
  int listener;
  int fd;
  char path[sizeof((struct sockaddr_un *)NULL)->sun_path];
  uint8_t in[1 << 22]; /* what came and was not looked at */
  size_t length;
  uint8_t frame[1 << 22]; /* the body of the last one */
  size_t size;
  struct built out;
  daqstream *client; /* kept going while the runtime waits for it */
};

static inline uint64_t clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

static inline void runtime_listen(struct runtime *r) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *folder = getenv("TMPDIR");
  snprintf(r->path, sizeof r->path, "%s/dq-%ld-%p", folder == NULL ? "/tmp" : folder,
           (long)getpid(), (void *)r);
  memcpy(address.sun_path, r->path, sizeof r->path);
  unlink(r->path);
  r->fd = -1;
  r->listener = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bind(r->listener, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(listen(r->listener, 8) == 0);
  CHECK(fcntl(r->listener, F_SETFL, O_NONBLOCK) == 0);
}

static inline void runtime_hang_up(struct runtime *r) {
  if (r->fd >= 0) {
    close(r->fd);
  }
  r->fd = -1;
  r->length = 0;
}

static inline void runtime_end(struct runtime *r) {
  runtime_hang_up(r);
  close(r->listener);
  unlink(r->path);
}

/* One step of the client; events wait. */
static inline void step(struct runtime *r) {
  if (r->client != NULL) {
    daqstream_flush(r->client, 0);
  }
  poll(NULL, 0, 1);
}

/* Until somebody connects. */
static inline void runtime_wait_for(struct runtime *r) {
  struct pollfd polled = {.fd = r->listener, .events = POLLIN};
  uint64_t end = clock_ms() + SOON_MS;
  while (poll(&polled, 1, 0) == 0) {
    CHECK(clock_ms() < end);
    step(r);
  }
}

static inline void runtime_accept(struct runtime *r) {
  uint64_t end = clock_ms() + SOON_MS;
  while ((r->fd = accept(r->listener, NULL, NULL)) < 0) {
    CHECK(clock_ms() < end);
    step(r);
  }
  CHECK(fcntl(r->fd, F_SETFL, O_NONBLOCK) == 0);
}

static inline void runtime_read(struct runtime *r) {
  ssize_t n = recv(r->fd, r->in + r->length, sizeof r->in - r->length, 0);
  if (n > 0) {
    r->length += (size_t)n;
  }
}

/* Whether a frame is there in full. */
static inline bool runtime_has(const struct runtime *r) {
  return r->length >= 4 && r->length >= 4 + number_at(r->in, 4);
}

/* The next frame of the client, which has this type. */
static inline const uint8_t *runtime_expect(struct runtime *r, uint8_t type) {
  uint64_t end = clock_ms() + SOON_MS;
  for (runtime_read(r); !runtime_has(r); runtime_read(r)) {
    CHECK(clock_ms() < end);
    step(r);
  }
  size_t size = 4 + (size_t)number_at(r->in, 4);
  CHECK_EQUAL(type, r->in[4]);
  r->size = size - 5;
  memcpy(r->frame, r->in + 5, r->size);
  memmove(r->in, r->in + size, r->length - size);
  r->length -= size;
  return r->frame;
}

/* Nothing of the client is under way. */
static inline void runtime_expect_nothing(struct runtime *r) {
  for (int i = 0; i < 3; i++) {
    step(r);
    runtime_read(r);
  }
  CHECK_EQUAL(0, r->length);
}

static inline void runtime_send_bytes(struct runtime *r, const void *bytes, size_t length) {
  const uint8_t *at = bytes;
  while (length > 0) {
    ssize_t n = send(r->fd, at, length, MSG_NOSIGNAL);
    if (n > 0) {
      at += n;
      length -= (size_t)n;
    } else {
      CHECK(errno == EAGAIN);
      step(r);
    }
  }
}

#define SEND(r, type, ...)                                  \
  do {                                                      \
    build(&(r)->out, type, __VA_ARGS__);                    \
    runtime_send_bytes(r, (r)->out.bytes, (r)->out.length); \
  } while (0)

static inline void send_welcome(struct runtime *r) {
  SEND(r, T_WELCOME, "22444t", 1U, 0U, 1U << 20, 64U, 0U, "fake");
}

/* One stream that the manifest gives. */
static inline void send_streams(struct runtime *r, bool output, bool ready, const char *name) {
  SEND(r, T_STREAMS, "1211tt", 0U, 1U, (unsigned)output, (unsigned)ready, name, "nng");
}

static inline void send_opened_output(struct runtime *r, unsigned number, unsigned window,
                                      unsigned bytes, unsigned longest) {
  SEND(r, T_OPENED, "414444tt", number, 0U, UINT32_MAX, window, bytes, longest, "nng", "");
}

static inline void send_opened_input(struct runtime *r, unsigned number) {
  SEND(r, T_OPENED, "414444tt", number, 0U, 5555U, 0U, 0U, 0U, "posix", "");
}

static inline void send_data(struct runtime *r, unsigned number, uint64_t peer, const void *bytes,
                             size_t length) {
  begin(&r->out, T_DATA);
  add(&r->out, number, 4);
  add(&r->out, peer, 8);
  add_bytes(&r->out, bytes, length);
  finish(&r->out);
  runtime_send_bytes(r, r->out.bytes, r->out.length);
}

static inline void send_closed(struct runtime *r, unsigned number) {
  SEND(r, T_CLOSED, "4188", number, 0U, UINT64_C(0), UINT64_C(0));
}

/* A connection with WELCOME said. */
static inline void runtime_welcome(struct runtime *r) {
  runtime_accept(r);
  runtime_expect(r, T_HELLO);
  send_welcome(r);
  uint64_t end = clock_ms() + SOON_MS;
  while (r->client != NULL && !daqstream_connected(r->client)) {
    CHECK(clock_ms() < end);
    step(r);
  }
}

#endif
