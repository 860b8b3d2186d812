/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * What the runtime may send, at random and in any order, between calls of the module at random.
 * The library is compiled in, with a clock that stands still until it is moved, memory that is now
 * and then refused, and a connection that is bytes of the input. Built with libFuzzer, or, with
 * FUZZ_MAIN, as a loop of its own: fuzz SECONDS SEED.
 */

#define _POSIX_C_SOURCE 200809L

#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <time.h>

static int fuzz_clock(clockid_t clock, struct timespec *now);
static void *fuzz_malloc(size_t size);
static void *fuzz_calloc(size_t count, size_t size);
static void *fuzz_realloc(void *block, size_t size);

#define clock_gettime fuzz_clock
#define malloc fuzz_malloc
#define calloc fuzz_calloc
#define realloc fuzz_realloc
#include "../daqstream.c"
#undef clock_gettime
#undef malloc
#undef calloc
#undef realloc

#include "check.h"

static struct {
  uint64_t us;
  unsigned refuse_after; /* allocations; 0: never */
  const uint8_t *at;
  size_t left;
  struct built pipe;
  size_t read;
  bool ended;
  uint8_t mood; /* of writing */
  daqstream *client;
} f;

static int fuzz_clock(clockid_t clock, struct timespec *now) {
  (void)clock;
  now->tv_sec = (time_t)(f.us / 1000000U);
  now->tv_nsec = (long)(f.us % 1000000U) * 1000;
  return 0;
}

static bool refused(void) {
  return f.refuse_after > 0 && --f.refuse_after == 0;
}

static void *fuzz_malloc(size_t size) {
  return refused() ? NULL : malloc(size);
}

static void *fuzz_calloc(size_t count, size_t size) {
  return refused() ? NULL : calloc(count, size);
}

static void *fuzz_realloc(void *block, size_t size) {
  return refused() ? NULL : realloc(block, size);
}

/* ---- the connection ---- */

static int fuzz_open(void *context) {
  (void)context;
  f.pipe.length = f.read = 0;
  f.ended = false;
  return f.mood == 255 ? -1 : 1000;
}

static ptrdiff_t fuzz_read(void *context, void *bytes, size_t length) {
  (void)context;
  size_t n = f.pipe.length - f.read;
  if (n == 0) {
    return f.ended ? DAQSTREAM_ENDED : DAQSTREAM_WANT_READ;
  }
  if (f.mood % 4 == 1 && n > 3) {
    n = 3;
  }
  n = n < length ? n : length;
  ASAN_UNPOISON_MEMORY_REGION(bytes, n);
  memcpy(bytes, f.pipe.bytes + f.read, n);
  f.read += n;
  ASAN_POISON_MEMORY_REGION((uint8_t *)bytes + n, length - n); /* nobody may look there */
  return (ptrdiff_t)n;
}

static ptrdiff_t fuzz_write(void *context, const void *bytes, size_t length) {
  uint8_t used = 0;
  (void)context;
  for (size_t i = 0; i < length; i++) {
    used |= ((const uint8_t *)bytes)[i]; /* they are there */
  }
  switch (f.mood % 5) {
    case 3:
      return used == 1 ? DAQSTREAM_WANT_READ : DAQSTREAM_WANT_WRITE;
    case 4:
      return f.mood > 200 ? DAQSTREAM_FAILED : (ptrdiff_t)(length / 2 + 1);
    default:
      return (ptrdiff_t)length;
  }
}

static void fuzz_close(void *context) {
  (void)context;
}

static void feed(const void *bytes, size_t length) {
  if (f.read == f.pipe.length) {
    f.read = f.pipe.length = 0;
  }
  if (f.pipe.length + length <= sizeof f.pipe.bytes) {
    add_bytes(&f.pipe, bytes, length);
  }
}

static struct built frame;

#define FEED(type, ...)               \
  do {                                \
    build(&frame, type, __VA_ARGS__); \
    feed(frame.bytes, frame.length);  \
  } while (0)

/* ---- the module ---- */

static unsigned next(void) {
  if (f.left == 0) {
    return 0;
  }
  f.left--;
  return *f.at++;
}

static void act(void);

/* Callbacks look at what they get, call back, and look again. */
static int look(int handle, uint64_t peer, const uint8_t *bytes, size_t length) {
  uint32_t before = 0;
  uint32_t after = 0;
  CHECK(handle > 0 && peer <= INT64_MAX);
  for (size_t i = 0; i < length; i++) {
    before = before * 31 + bytes[i];
  }
  for (unsigned acts = next() % 8; acts > 0; acts--) {
    act();
  }
  for (size_t i = 0; i < length; i++) {
    after = after * 31 + bytes[i];
  }
  CHECK(before == after);
  return length % 2 == 0 ? 0 : 1;
}

static int fuzz_data(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  (void)context;
  return look(handle, peer, bytes, length);
}

static int fuzz_peer(void *context, int handle, uint64_t peer, const char *words) {
  (void)context;
  return look(handle, peer, (const uint8_t *)words, strlen(words));
}

static int fuzz_ended(void *context, int handle, const char *words) {
  return fuzz_peer(context, handle, 0, words);
}

static void open_one(unsigned how) {
  static const char *const names[] = {"a", "b", "c", "d"};
  int handle;
  daqstream_listener listener = {NULL, fuzz_data, (how & 16) != 0 ? fuzz_peer : NULL,
                                 (how & 32) != 0 ? fuzz_peer : NULL,
                                 (how & 64) != 0 ? fuzz_ended : NULL};
  if ((how & 4) != 0) {
    daqstream_open_input(f.client, names[how & 3], &listener, 0, &handle);
  } else {
    daqstream_open_output(f.client, names[how & 3], (how & 8) != 0 ? &listener : NULL, 0, &handle);
  }
}

static void call(unsigned what) {
  static uint8_t message[70000];
  static const size_t lengths[] = {0, 1, 64, 500, 5000, 32768, 40000, 70000};
  daqstream_info info;
  daqstream *c = f.client;
  int handle = (int)(what / 16);
  for (unsigned i = what % 3; i > 0; i--) {
    handle = daqstream_next(c, handle);
  }
  switch (what % 8) {
    case 0:
      daqstream_close(c, handle, (int)next(), 0, NULL);
      break;
    case 1:
      daqstream_opened(c, handle, 0);
      break;
    case 2:
      daqstream_flush(c, 0);
      break;
    case 3:
      daqstream_connect(c, 0);
      break;
    case 4:
      daqstream_await_room(c, handle, lengths[next() % 8], 0);
      break;
    case 5:
      daqstream_get_info(c, handle, &info);
      CHECK(daqstream_wait_ms(c) >= -1 && daqstream_wants(c) >= 0);
      break;
    default:
      daqstream_write(c, handle, message, lengths[next() % 8]);
  }
}

/* A number that is mostly one of a stream in such a state. */
static unsigned number_of(unsigned states) {
  unsigned which = next();
  if (which < 250) {
    for (size_t i = 0; i < f.client->stream_count; i++) {
      const struct stream *s = f.client->streams[(i + which) % f.client->stream_count];
      if ((states >> s->state & 1U) != 0) {
        return s->number;
      }
    }
    return 0;
  }
  return which - 250;
}

/* That much is under way of a stream. */
static const struct stream *stream_with(unsigned number) {
  static const struct stream none = {0};
  for (size_t i = 0; i < f.client->stream_count; i++) {
    if (f.client->streams[i]->number == number) {
      return f.client->streams[i];
    }
  }
  return &none;
}

enum {
  OPENING = 1 << STREAM_OPENING | 1 << STREAM_REOPENING,
  KNOWN = 1 << STREAM_OPEN | 1 << STREAM_CLOSING,
  ENDING = 1 << STREAM_RETIRING | 1 << STREAM_CLOSING,
};

static void say_data(unsigned number) {
  begin(&frame, T_DATA);
  add(&frame, number, 4);
  add(&frame, 1 + next() % 5, 8);
  frame.length += (size_t)next() * (next() % 8 == 0 ? 400 : 1);
  finish(&frame);
  feed(frame.bytes, frame.length);
}

static void say_of_output(unsigned what) {
  unsigned number = number_of(KNOWN | ENDING);
  const struct stream *s = stream_with(number);
  uint64_t count = s->way_count > 0 ? s->way_count - next() % s->way_count : next() % 2;
  uint64_t bytes = s->way_bytes > 0 ? s->way_bytes - next() % s->way_bytes : next() % 2;
  if (what % 2 == 0) {
    FEED(T_TAKEN, "448", number, (unsigned)count, bytes);
  } else {
    FEED(T_LOST, "4148t", number, 6U, (unsigned)count, bytes, "why");
  }
}

/* Mostly right, so that more is reached; nothing for a stream that is not there. */
static void say(unsigned what) {
  unsigned number = number_of(what % 16 < 4 ? OPENING : what % 16 == 6 ? ENDING : KNOWN);
  bool about_one = (what % 16 >= 2 && what % 16 < 14) && what < 250;
  if (about_one && number == 0) {
    return;
  }
  switch (what % 16) {
    case 0:
      if (f.client->state == CLIENT_GREETING || what > 240) {
        FEED(T_WELCOME, "22444t", 1U, 0U, 110000U, 9U, (next() % 4) * 100U, "fuzz");
      }
      break;
    case 1:
      FEED(T_STREAMS, "1211tt11tt11tt", next() % 2, 3U, 1U, next() % 2, "a", "t", 0U, 1U, "b", "t",
           1U, 1U, "c", "t");
      break;
    case 2:
    case 3:
      FEED(T_OPENED, "414444tt", number, next() % 4 == 1 ? 12U : 0U, UINT32_MAX, 1U + next(),
           next() * 100U, next() * 1000U, "t", "");
      break;
    case 4:
    case 5:
      say_of_output(what);
      break;
    case 6:
      FEED(T_CLOSED, "4188", number, next() % 3, (uint64_t)next(), (uint64_t)next());
      break;
    case 7:
    case 8:
    case 9:
      say_data(number);
      break;
    case 10:
    case 11:
      FEED(T_PEER_UP, "48t", number, (uint64_t)(1 + next() % 5), "here");
      break;
    case 12:
      FEED(T_PEER_DOWN, "48t", number, (uint64_t)(1 + next() % 5), "gone");
      break;
    case 13:
      FEED(T_ENDED, "4t", number, "over");
      break;
    case 14:
      FEED(T_PING, "8", (uint64_t)next());
      break;
    default:
      if (what > 240) {
        FEED(T_REFUSED, "1t", next() % 14, "no");
      }
  }
}

static void say_anything(unsigned length) {
  begin(&frame, (uint8_t)(0x80 + next() % 16));
  while (length-- > 0) {
    add(&frame, next(), 1);
  }
  finish(&frame);
  feed(frame.bytes, frame.length);
}

static void act(void) {
  uint8_t byte;
  unsigned what = next();
  switch (next() % 16) {
    case 0:
      byte = (uint8_t)what;
      if (what > 230) {
        feed(&byte, 1);
      } else if (what > 220) {
        say_anything(next() % 64);
      }
      break;
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      say(what);
      break;
    case 7:
    case 8:
    case 9:
      daqstream_process_event(f.client, 0);
      break;
    case 10:
      open_one(what);
      break;
    case 11:
      f.us += what * what * 100U;
      break;
    case 12:
      f.mood = what < 128 ? 0 : (uint8_t)what;
      break;
    case 13:
      f.ended = what % 16 == 0;
      f.refuse_after = what % 32 == 1 ? 1 + what / 32 : 0;
      break;
    default:
      call(what);
  }
}

/* Memory is bounded whatever comes. */
static void check_bounds(const daqstream *c) {
  size_t peers = 0;
  for (size_t i = 0; i < c->stream_count; i++) {
    peers += c->streams[i]->peer_capacity;
  }
  CHECK(c->rx.capacity <= (110000 + FRAME_SLACK) * 2);
  CHECK(c->out.capacity <= (1 << 20) + c->stream_count * 2 * (255 * 9 + 255 * 100 + 70000) * 2);
  CHECK(c->waiting <= (size_t)c->window_count * 2 + c->stream_count + peers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  memset(&f, 0, sizeof f);
  f.us = 1000000;
  f.at = bytes;
  f.left = length;
  daqstream_hooks hooks = {NULL, fuzz_open, fuzz_read, fuzz_write, fuzz_close};
  unsigned options = next();
  f.refuse_after = options % 16 == 1 ? 1 + options / 16 : 0;
  daqstream *c = daqstream_new(&(daqstream_options){.instance = "fuzz",
                                                    .hooks = &hooks,
                                                    .event_count = 1 + options % 8,
                                                    .event_bytes = 20000,
                                                    .stay_ended = options > 200});
  if (c == NULL) {
    return 0;
  }
  c->random = 1; /* the same for each run */
  f.client = c;
  if (options % 2 == 0) {
    daqstream_connect(c, 0);
    FEED(T_WELCOME, "22444t", 1U, 0U, 110000U, 9U, 0U, "fuzz");
    open_one(0);
    open_one(4 + 1 + 16 + 32 + 64);
    say(2 + 16);
    say(2 + 32);
  }
  while (f.left > 0) {
    act();
    check_bounds(c);
  }
  f.refuse_after = 0;
  daqstream_free(c, 0);
  return 0;
}

#ifdef FUZZ_MAIN

static uint64_t seed;

static uint64_t random_number(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

int main(int count, char **arguments) {
  static uint8_t input[4096];
  uint64_t runs = 0;
  if (count != 3) {
    fprintf(stderr, "usage: %s SECONDS SEED\n", arguments[0]);
    return 2;
  }
  time_t end = time(NULL) + atoi(arguments[1]);
  uint64_t begun = strtoull(arguments[2], NULL, 10) | 1;
  seed = begun * UINT64_C(0x9E3779B97F4A7C15);
  while (time(NULL) < end) {
    size_t length = random_number() % sizeof input;
    for (size_t i = 0; i < length; i++) {
      input[i] = (uint8_t)(random_number() >> 24);
    }
    LLVMFuzzerTestOneInput(input, length);
    runs++;
  }
  printf("%llu inputs, seed %llu\n", (unsigned long long)runs, (unsigned long long)begun);
  return 0;
}

#endif
