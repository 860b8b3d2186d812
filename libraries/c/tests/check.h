/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* What the tests share: checks, and the runtime's end of a connection, frame by frame. */

#ifndef CHECK_H
#define CHECK_H

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../daqstream.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                \
    }                                                                         \
  } while (0)

#define CHECK_EQUAL(expected, actual)                                                        \
  do {                                                                                       \
    long long e_ = (long long)(expected);                                                    \
    long long a_ = (long long)(actual);                                                      \
    if (e_ != a_) {                                                                          \
      fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #actual, a_, e_); \
      abort();                                                                               \
    }                                                                                        \
  } while (0)

#define CHECK_HAS(part, whole)                                                          \
  do {                                                                                  \
    if (strstr(whole, part) == NULL) {                                                  \
      fprintf(stderr, "%s:%d: '%s' is not in '%s'\n", __FILE__, __LINE__, part, whole); \
      abort();                                                                          \
    }                                                                                   \
  } while (0)

enum { SOON_MS = 10000 };

enum { T_HELLO = 1, T_OPEN, T_WRITE, T_CLOSE, T_CREDIT, T_PONG };
enum {
  T_WELCOME = 0x81,
  T_REFUSED,
  T_OPENED,
  T_TAKEN,
  T_LOST,
  T_CLOSED,
  T_DATA,
  T_PEER_UP,
  T_PEER_DOWN,
  T_ENDED,
  T_STREAMS,
  T_STOP,
  T_PING
};

/* A frame that is built; begin, add, and send it. */
struct built {
  uint8_t bytes[1 << 17];
  size_t length;
};

static inline void add(struct built *b, uint64_t value, int size) {
  for (int i = 0; i < size; i++) {
    b->bytes[b->length++] = (uint8_t)(value >> (8 * i));
  }
}

static inline void add_bytes(struct built *b, const void *bytes, size_t length) {
  if (length > 0) {
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
  }
}

static inline void add_text(struct built *b, const char *text) {
  add(b, strlen(text), 2);
  add_bytes(b, text, strlen(text));
}

static inline void begin(struct built *b, uint8_t type) {
  b->length = 4;
  add(b, type, 1);
}

static inline void finish(struct built *b) {
  size_t length = b->length;
  b->length = 0;
  add(b, length - 4, 4);
  b->length = length;
}

/* Frames by a picture: 1, 2, 4, 8 numbers of so many bytes, t a text. */
static inline void build(struct built *b, uint8_t type, const char *picture, ...) {
  va_list arguments;
  va_start(arguments, picture);
  begin(b, type);
  for (const char *p = picture; *p != 0; p++) {
    if (*p == 't') {
      add_text(b, va_arg(arguments, const char *));
    } else if (*p == '8') {
      add(b, va_arg(arguments, uint64_t), 8);
    } else {
      add(b, va_arg(arguments, unsigned), *p - '0');
    }
  }
  va_end(arguments);
  finish(b);
}

static inline uint64_t number_at(const uint8_t *at, int size) {
  uint64_t value = 0;
  for (int i = 0; i < size; i++) {
    value |= (uint64_t)at[i] << (8 * i);
  }
  return value;
}

#endif
