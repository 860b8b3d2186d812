/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* The client against a runtime on the same thread: nothing here waits inside a call. */

#define _POSIX_C_SOURCE 200809L

#include "golden.h"
#include "runtime.h"

static struct runtime R;

/* What the callbacks saw, as text. */
static char seen[1 << 16];
static daqstream *current;

static void note(const char *format, ...) {
  va_list arguments;
  size_t length = strlen(seen);
  va_start(arguments, format);
  vsnprintf(seen + length, sizeof seen - length, format, arguments);
  va_end(arguments);
}

static int on_data(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  note("%sdata %d %llu %.*s;", (const char *)context, handle, (unsigned long long)peer, (int)length,
       (const char *)bytes);
  return 0;
}

static int on_up(void *context, int handle, uint64_t peer, const char *address) {
  note("%sup %d %llu %s;", (const char *)context, handle, (unsigned long long)peer, address);
  return 0;
}

static int on_down(void *context, int handle, uint64_t peer, const char *cause) {
  note("%sdown %d %llu %s;", (const char *)context, handle, (unsigned long long)peer, cause);
  return 0;
}

static int on_ended(void *context, int handle, const char *cause) {
  note("%sended %d %s;", (const char *)context, handle, cause);
  return 0;
}

static const daqstream_listener ALL = {"", on_data, on_up, on_down, on_ended};
static const daqstream_listener ONLY_DATA = {.context = "", .data = on_data};

static daqstream *make(daqstream_options options) {
  seen[0] = 0;
  runtime_listen(&R);
  if (options.hooks == NULL) {
    options.path = R.path;
  }
  options.instance = "camera";
  R.client = daqstream_new(&options);
  CHECK(R.client != NULL);
  return current = R.client;
}

/* A client that the runtime has welcomed. */
static daqstream *connected(daqstream_options options) {
  daqstream *c = make(options);
  daqstream_connect(c, 0);
  runtime_welcome(&R);
  return c;
}

static void end(void) {
  daqstream_free(R.client, 0);
  R.client = NULL;
  runtime_end(&R);
}

static int open_output(daqstream *c, const char *name, const daqstream_listener *listener,
                       unsigned number, unsigned window, unsigned bytes, unsigned longest) {
  int handle;
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, name, listener, 0, &handle));
  CHECK(handle > 0);
  CHECK_EQUAL(number, number_at(runtime_expect(&R, T_OPEN), 4));
  send_opened_output(&R, number, window, bytes, longest);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_opened(c, handle, SOON_MS));
  return handle;
}

static int open_input(daqstream *c, const char *name, const daqstream_listener *listener,
                      unsigned number) {
  int handle;
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_input(c, name, listener, 0, &handle));
  CHECK_EQUAL(number, number_at(runtime_expect(&R, T_OPEN), 4));
  send_opened_input(&R, number);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_opened(c, handle, SOON_MS));
  return handle;
}

/* Processes what is there and what comes until the callbacks saw that. */
static void await_seen(const char *expected) {
  uint64_t deadline = clock_ms() + SOON_MS;
  while (strcmp(seen, expected) != 0) {
    daqstream_process_event(current, 1);
    if (clock_ms() >= deadline) {
      fprintf(stderr, "seen: %s\nexpected: %s\nlast error: %s\n", seen, expected,
              daqstream_last_error(current));
      abort();
    }
  }
  seen[0] = 0;
}

static void await_state(bool up) {
  uint64_t deadline = clock_ms() + SOON_MS;
  while (daqstream_connected(current) != up) {
    CHECK(clock_ms() < deadline);
    step(&R);
  }
}

/* ---- golden bytes ---- */

/* The golden frame that begins so, the given one of several of its name. */
static size_t golden(const char *name, int which, uint8_t *into) {
  for (size_t i = 0; i < sizeof GOLDEN / sizeof *GOLDEN; i++) {
    const char *line = GOLDEN[i];
    size_t length = strlen(name);
    if (strncmp(line, name, length) == 0 && line[length] == ' ' && which-- == 0) {
      size_t n = 0;
      char *at = (char *)line + length;
      for (char *next; at[0] != 0; at = next) {
        into[n++] = (uint8_t)strtoul(at, &next, 16);
      }
      return n;
    }
  }
  abort();
}

static void send_golden(const char *name, int which) {
  uint8_t bytes[256];
  runtime_send_bytes(&R, bytes, golden(name, which, bytes));
}

static void expect_golden(const char *name, int which) {
  uint8_t bytes[256];
  size_t n = golden(name, which, bytes);
  CHECK_EQUAL(n - 5, (runtime_expect(&R, bytes[4]), R.size));
  CHECK(memcmp(bytes + 5, R.frame, R.size) == 0);
}

static void helloIsGolden(void) {
  make((daqstream_options){.event_count = 1024, .event_bytes = 1 << 20});
  daqstream_connect(current, 0);
  runtime_accept(&R);
  runtime_expect(&R, T_HELLO);
  uint8_t bytes[256];
  size_t n = golden("HELLO", 0, bytes) - 2 - 8; /* without the library's name */
  for (size_t i = 0; i < 4; i++) {
    bytes[13 + i] = (uint8_t)((uint64_t)getpid() >> (8 * i));
  }
  CHECK(memcmp(bytes + 5, R.frame, n - 5) == 0);
  CHECK_EQUAL(n - 5 + 2 + 5, R.size);
  CHECK(memcmp("\5\0c 0.1", R.frame + n - 5, 7) == 0);
  send_golden("WELCOME", 0);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_connect(current, SOON_MS));
  end();
}

static void outputIsGolden(void) {
  daqstream *c = make((daqstream_options){0});
  int handle;
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_connect(c, 0));
  runtime_accept(&R);
  runtime_expect(&R, T_HELLO);
  send_golden("WELCOME", 0);
  send_golden("STREAMS", 0);
  await_state(true);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, "frames", &ALL, 0, &handle));
  expect_golden("OPEN", 0);
  send_golden("OPENED", 0);
  send_golden("PEER_UP", 0);
  await_seen("up 1 7 192.0.2.7:4711;");
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_opened(c, handle, 0));
  CHECK_EQUAL(0, (runtime_expect(&R, T_CREDIT), number_at(R.frame + 4, 8)));
  daqstream_info info;
  CHECK(daqstream_get_info(c, handle, &info));
  CHECK(strcmp(info.name, "frames") == 0 && strcmp(info.type, "nng") == 0);
  CHECK(info.output && info.open && info.port == -1 && info.peers == 1 && info.opened == 1);
  CHECK_EQUAL(1 << 26, info.longest);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, handle, "hello", 5));
  expect_golden("WRITE", 0);
  send_golden("TAKEN", 0);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, handle, "123456789", 9));
  runtime_expect(&R, T_WRITE);
  send_golden("LOST", 0);
  while (daqstream_get_info(c, handle, &info) && info.under_way > 0) {
    step(&R);
  }
  CHECK_EQUAL(1, info.messages);
  CHECK_EQUAL(5, info.bytes);
  CHECK_EQUAL(1, info.lost.messages);
  CHECK_EQUAL(9, info.lost.bytes);
  CHECK_HAS("1 messages lost, TOOBIG: too big", daqstream_last_error(c));
  daqstream_lost lost;
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, handle, 5000, 0, &lost));
  expect_golden("CLOSE", 0);
  send_golden("CLOSED", 0);
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_close(c, handle, 0, SOON_MS, &lost));
  CHECK_EQUAL(3 + 1, lost.messages);
  CHECK_EQUAL(1500 + 9, lost.bytes);
  end();
}

static void inputIsGolden(void) {
  daqstream *c = connected((daqstream_options){0});
  int refused;
  open_output(c, "frames", NULL, 1, 1, 1, 1);
  int handle;
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_input(c, "orders", &ONLY_DATA, 0, &handle));
  expect_golden("OPEN", 1);
  send_golden("OPENED", 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_opened(c, handle, SOON_MS));
  daqstream_info info;
  CHECK(daqstream_get_info(c, handle, &info));
  CHECK(!info.output && info.port == 5555 && strcmp(info.type, "posix") == 0);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, "no", NULL, 0, &refused));
  runtime_expect(&R, T_OPEN);
  send_golden("OPENED", 2);
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_opened(c, refused, SOON_MS));
  CHECK_HAS("stream 'no', INVAL: no such stream", daqstream_last_error(c));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_opened(c, refused, 0));
  send_golden("DATA", 0);
  await_seen("data 2 8 hello;");
  expect_golden("CREDIT", 0);
  end();
}

static void endsAreGolden(void) {
  daqstream *c = connected((daqstream_options){0});
  open_output(c, "frames", NULL, 1, 1, 1, 1);
  open_input(c, "orders", &ALL, 2);
  SEND(&R, T_PEER_UP, "48t", 2U, UINT64_C(8), "somewhere");
  send_golden("PEER_DOWN", 0);
  send_golden("ENDED", 0);
  await_seen("up 2 8 somewhere;down 2 8 closed;ended 2 its transport left;");
  expect_golden("CLOSE", 1);
  runtime_expect(&R, T_CREDIT);
  send_golden("PING", 0);
  expect_golden("PONG", 0);
  for (uint64_t i = 2; i < 5; i++) {
    SEND(&R, T_PING, "8", i);
  }
  for (uint64_t i = 2; i < 5; i++) { /* each */
    CHECK_EQUAL(i, number_at(runtime_expect(&R, T_PONG), 8));
  }
  send_golden("STOP", 0);
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_process_event(c, SOON_MS));
  CHECK_EQUAL(0, daqstream_wait_ms(c));
  end();
}

static void refusedIsGolden(void) {
  daqstream *c = make((daqstream_options){0});
  daqstream_connect(c, 0);
  runtime_accept(&R);
  runtime_expect(&R, T_HELLO);
  send_golden("REFUSED", 0);
  CHECK_EQUAL(DAQSTREAM_EXIST, daqstream_connect(c, SOON_MS));
  CHECK_HAS("EXIST: in use", daqstream_last_error(c));
  end();
}

/* ---- connecting ---- */

static void connectingIsRefused(void) {
  static const daqstream_result at_once[] = {DAQSTREAM_INVAL, DAQSTREAM_EXIST, DAQSTREAM_DENIED,
                                             DAQSTREAM_NOTSUP};
  static const daqstream_result patiently[] = {DAQSTREAM_NOMEM, DAQSTREAM_AGAIN};
  daqstream *c = make((daqstream_options){.token = "secret"});
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_connect(c, 0));
  for (int i = 0; i < 6; i++) {
    daqstream_result result = i < 4 ? at_once[i] : patiently[i - 4];
    runtime_accept(&R);
    const uint8_t *hello = runtime_expect(&R, T_HELLO);
    CHECK(memcmp("\6\0secret", hello + R.size - 7 - 8, 8) == 0);
    uint64_t begun = clock_ms();
    SEND(&R, T_REFUSED, "1t", (unsigned)result, "because");
    runtime_hang_up(&R);
    CHECK_EQUAL(i < 4 ? result : DAQSTREAM_TIMEDOUT, daqstream_connect(c, i < 4 ? SOON_MS : 20));
    CHECK_HAS("because", daqstream_last_error(c));
    CHECK(!daqstream_connected(c));
    CHECK_EQUAL(-1, daqstream_fd(c));
    CHECK(daqstream_wait_ms(c) <= 50 << i);
    runtime_wait_for(&R);
    CHECK(clock_ms() - begun + 1 >= 25U << i);
  }
  runtime_welcome(&R); /* it has gone on trying */
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_connect(c, 0));
  end();
}

static void afterALongTimeItComesBackAtOnce(void) {
  daqstream *c = connected((daqstream_options){0});
  int handle = open_output(c, "frames", NULL, 1, 9, 99, 9);
  runtime_hang_up(&R);
  await_state(false);
  runtime_welcome(&R);
  send_streams(&R, true, true, "frames");
  CHECK_EQUAL(1, number_at(runtime_expect(&R, T_OPEN), 4));
  send_opened_output(&R, 1, 9, 99, 9);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_await_room(c, handle, 0, SOON_MS));
  poll(NULL, 0, 1010);
  SEND(&R, T_ENDED, "4t", 1U, "it left");
  runtime_expect(&R, T_CLOSE);
  runtime_expect(&R, T_CREDIT);
  send_closed(&R, 1);
  CHECK_EQUAL(2, number_at(runtime_expect(&R, T_OPEN), 4));
  runtime_hang_up(&R);
  await_state(false);
  CHECK_EQUAL(0, daqstream_wait_ms(c));
  end();
}

static void wrongOptionsMakeNoClient(void) {
  char longer[2000];
  memset(longer, 'x', sizeof longer);
  longer[sizeof longer - 1] = 0;
  CHECK(daqstream_new(&(daqstream_options){.path = "x"}) == NULL);
  CHECK(daqstream_new(&(daqstream_options){.instance = "x"}) == NULL);
  CHECK(daqstream_new(&(daqstream_options){.instance = "x", .path = longer}) == NULL);
  CHECK(daqstream_new(&(daqstream_options){.instance = longer, .path = "x"}) == NULL);
  CHECK(daqstream_new(&(daqstream_options){.instance = "x", .path = "x", .token = longer}) == NULL);
  daqstream_free(NULL, 0);
}

static void nobodyListens(void) {
  daqstream *c = daqstream_new(&(daqstream_options){.instance = "x", .path = "/nowhere/at/all"});
  int handle;
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_connect(c, 30));
  CHECK_HAS("/nowhere/at/all: No such file", daqstream_last_error(c));
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_open_output(c, "frames", NULL, 0, &handle));
  CHECK_EQUAL(0, handle);
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_flush(c, 0));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 1));
  daqstream_request_stop(c);
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_connect(c, -1));
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_process_event(c, -1));
  daqstream_free(c, -1);
}

/* ---- results ---- */

static void allResultsOfAnOpen(void) {
  daqstream *c = connected((daqstream_options){0});
  for (unsigned result = 1; result <= 12; result++) {
    int handle;
    CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, "frames", NULL, 0, &handle));
    CHECK_EQUAL(result, number_at(runtime_expect(&R, T_OPEN), 4));
    SEND(&R, T_OPENED, "414444tt", result, result, 9U, 9U, 9U, 9U, "", "why");
    CHECK_EQUAL(result, daqstream_opened(c, handle, SOON_MS));
    CHECK_HAS(daqstream_result_name((daqstream_result)result), daqstream_last_error(c));
    CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_write(c, handle, "x", 1));
  }
  end();
}

static void wrongCallsAreRefusedWithoutAsking(void) {
  daqstream *c = connected((daqstream_options){0});
  int in = open_input(c, "orders", &ONLY_DATA, 1);
  int handle = 7;
  CHECK_EQUAL(DAQSTREAM_EXIST, daqstream_open_output(c, "orders", NULL, 0, &handle));
  CHECK_EQUAL(0, handle);
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_open_input(c, "x", NULL, 0, &handle));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_open_output(c, NULL, NULL, 0, &handle));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_write(c, in, "x", 1));
  static const int unknown[] = {0, -1, 999};
  for (int i = 0; i < 3; i++) {
    CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_write(c, unknown[i], "x", 1));
    CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_close(c, unknown[i], 0, 0, NULL));
    CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_opened(c, unknown[i], 0));
  }
  CHECK_EQUAL(in, daqstream_next(c, 0));
  CHECK_EQUAL(0, daqstream_next(c, in));
  runtime_expect_nothing(&R);
  end();
}

static void closeTellsTheResult(void) {
  daqstream *c = connected((daqstream_options){0});
  int handle = open_output(c, "frames", NULL, 1, 9, 99, 9);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, handle, DAQSTREAM_DEFAULT_FLUSH, 0, NULL));
  CHECK_EQUAL(UINT32_MAX, number_at(runtime_expect(&R, T_CLOSE) + 4, 4));
  int again;
  CHECK_EQUAL(DAQSTREAM_EXIST, daqstream_open_output(c, "frames", NULL, 0, &again));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_write(c, handle, "x", 1));
  SEND(&R, T_CLOSED, "4188", 1U, 3U, UINT64_C(0), UINT64_C(0));
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_close(c, handle, 0, SOON_MS, NULL));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_close(c, handle, 0, 0, NULL));
  CHECK_EQUAL(DAQSTREAM_INVAL, daqstream_write(c, handle, "x", 1));
  CHECK(open_output(c, "frames", NULL, 2, 9, 99, 9) > handle);
  end();
}

static void closedBeforeItIsOpen(void) {
  daqstream *c = connected((daqstream_options){0});
  int handle;
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, "frames", NULL, 0, &handle));
  runtime_expect(&R, T_OPEN);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, handle, 70, 0, NULL));
  runtime_expect_nothing(&R);
  send_opened_output(&R, 1, 9, 99, 9);
  CHECK_EQUAL(70, number_at(runtime_expect(&R, T_CLOSE) + 4, 4));
  send_closed(&R, 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, handle, 0, SOON_MS, NULL));
  end();
}

/* ---- windows ---- */

static void outputsHaveWindows(void) {
  daqstream *c = connected((daqstream_options){0});
  int count = open_output(c, "count", NULL, 1, 2, 1000, 100);
  int bytes = open_output(c, "bytes", NULL, 2, 100, 10, 30);
  char message[200] = {0};
  CHECK_EQUAL(DAQSTREAM_TOOBIG, daqstream_write(c, count, message, 101));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, count, message, 100));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, count, NULL, 0));
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_write(c, count, NULL, 0));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, bytes, message, 4));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, bytes, message, 6));
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_write(c, bytes, message, 1));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, bytes, message, 0));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_await_room(c, bytes, 30, 1));
  SEND(&R, T_TAKEN, "448", 2U, 3U, UINT64_C(10));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_await_room(c, bytes, 30, SOON_MS));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, bytes, message, 30)); /* alone */
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_write(c, bytes, message, 1));
  SEND(&R, T_TAKEN, "448", 1U, 1U, UINT64_C(100));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_await_room(c, count, 1, SOON_MS));
  daqstream_info info;
  CHECK(daqstream_get_info(c, bytes, &info));
  CHECK_EQUAL(2, info.rejected);
  CHECK_EQUAL(1, info.under_way);
  static const size_t lengths[] = {100, 0, 4, 6, 0, 30};
  for (int i = 0; i < 6; i++) {
    runtime_expect(&R, T_WRITE);
    CHECK_EQUAL(4 + lengths[i], R.size);
  }
  runtime_expect_nothing(&R);
  end();
}

static void creditComesInHalves(void) {
  daqstream *c = connected((daqstream_options){.event_count = 4, .event_bytes = 1000});
  open_input(c, "orders", &ONLY_DATA, 1);
  for (int i = 0; i < 4; i++) {
    send_data(&R, 1, 1, "ab", 2);
  }
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_flush(c, 0)); /* all of them wait */
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  runtime_read(&R);
  CHECK_EQUAL(0, R.length);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  CHECK_EQUAL(2, number_at(runtime_expect(&R, T_CREDIT), 4));
  CHECK_EQUAL(4, number_at(R.frame + 4, 8));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  CHECK_EQUAL(2, number_at(runtime_expect(&R, T_CREDIT), 4));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 0));
  end();
}

static void thrownAwayEventsCount(void) {
  daqstream *c = connected((daqstream_options){.event_count = 4, .event_bytes = 1000});
  int handle = open_input(c, "orders", &ALL, 1);
  send_data(&R, 1, 1, "ab", 2);
  send_data(&R, 1, 1, "cd", 2);
  for (int i = 0; i < 3; i++) {
    step(&R);
  }
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, handle, 0, 0, NULL));
  runtime_expect(&R, T_CLOSE);
  CHECK_EQUAL(2, number_at(runtime_expect(&R, T_CREDIT), 4));
  CHECK_EQUAL(4, number_at(R.frame + 4, 8));
  send_data(&R, 1, 1, "efg", 3); /* was under way */
  SEND(&R, T_PEER_DOWN, "48t", 1U, UINT64_C(1), "closed");
  SEND(&R, T_ENDED, "4t", 1U, "over");
  uint64_t credit = 0;
  while (credit < 3) {
    credit += number_at(runtime_expect(&R, T_CREDIT), 4);
  }
  send_closed(&R, 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, handle, 0, SOON_MS, NULL));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 0));
  CHECK(seen[0] == 0);
  end();
}

/* ---- frames in pieces, and wrong ones ---- */

static void framesComeByteByByte(void) {
  daqstream *c = connected((daqstream_options){0});
  open_input(c, "orders", &ALL, 1);
  static uint8_t all[4096];
  size_t length = 0;
  for (unsigned i = 0; i < 20; i++) {
    build(&R.out, i % 2 == 0 ? T_PEER_UP : T_PEER_DOWN, "48t", 1U, (uint64_t)(1 + i / 2), "a");
    memcpy(all + length, R.out.bytes, R.out.length);
    length += R.out.length;
  }
  for (size_t i = 0; i < length; i++) {
    runtime_send_bytes(&R, all + i, 1);
    daqstream_process_event(c, 0);
  }
  CHECK_EQUAL(0, strncmp(seen, "up 1 1 a;down 1 1 a;up 1 2 a;", 29));
  CHECK_HAS("down 1 10 a;", seen);
  end();
}

static uint32_t sum;
static int on_sum(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  const uint8_t *at = bytes;
  (void)context;
  (void)handle;
  (void)peer;
  for (size_t i = 0; i < length; i++) {
    sum = sum * 31 + at[i];
  }
  note("%zu;", length);
  return 0;
}

static void longMessagesBothWays(void) {
  enum { LENGTH = 1 << 20 };
  daqstream *c = connected((daqstream_options){0});
  daqstream_listener listener = {.data = on_sum};
  open_input(c, "orders", &listener, 1);
  int out = open_output(c, "frames", NULL, 2, 9, LENGTH, LENGTH);
  uint8_t *message = malloc(LENGTH);
  uint32_t expected = 0;
  for (size_t i = 0; i < LENGTH; i++) {
    message[i] = (uint8_t)(i * 2654435761U >> 13);
    expected = expected * 31 + message[i];
  }
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, message, LENGTH));
  runtime_expect(&R, T_WRITE);
  CHECK_EQUAL(4 + LENGTH, R.size);
  CHECK(memcmp(message, R.frame + 4, LENGTH) == 0);
  begin(&R.out, T_DATA);
  uint8_t head[17];
  struct built *b = &R.out;
  b->length = 0;
  add(b, 13 + LENGTH, 4);
  add(b, T_DATA, 1);
  add(b, 1, 4);
  add(b, 5, 8);
  memcpy(head, b->bytes, sizeof head);
  sum = 0;
  runtime_send_bytes(&R, head, sizeof head);
  runtime_send_bytes(&R, message, LENGTH);
  await_seen("1048576;");
  CHECK_EQUAL(expected, sum);
  free(message);
  end();
}

/* A frame after WELCOME and the opens of 1 (output, one message under way) and 2 (input). */
static void wrongFrame(const char *part, const uint8_t *bytes, size_t length) {
  daqstream *c = connected((daqstream_options){.event_count = 2, .event_bytes = 10});
  int out = open_output(c, "frames", &ALL, 1, 9, 99, 9);
  open_input(c, "orders", &ALL, 2);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "x", 1));
  runtime_expect(&R, T_WRITE);
  runtime_send_bytes(&R, bytes, length);
  await_state(false);
  CHECK_HAS(part, daqstream_last_error(c));
  daqstream_info info;
  CHECK(daqstream_get_info(c, out, &info));
  CHECK_EQUAL(1, info.lost.messages);
  CHECK(!info.open);
  end();
}

#define WRONG(part, type, ...)                     \
  do {                                             \
    static struct built wrong_;                    \
    build(&wrong_, type, __VA_ARGS__);             \
    wrongFrame(part, wrong_.bytes, wrong_.length); \
  } while (0)

static void wrongFramesEndTheConnection(void) {
  wrongFrame("length", (const uint8_t *)"\0\0\0\0", 4);
  wrongFrame("length", (const uint8_t *)"\1\0\x11\0", 4); /* 1 MiB and 65537 */
  wrongFrame("length", (const uint8_t *)"\xff\xff\xff\xff", 4);
  WRONG("type that is not known (142)", 0x8E, "");
  WRONG("type that is not known (1)", T_HELLO, "");
  WRONG("type that is not known", T_STOP, "1", 0U);
  WRONG("wrong WELCOME", T_WELCOME, "22444t", 1U, 0U, 9U, 9U, 0U, "again");
  WRONG("wrong REFUSED", T_REFUSED, "1t", 0U, "");
  WRONG("wrong REFUSED", T_REFUSED, "1t", 13U, "");
  WRONG("wrong OPENED", T_OPENED, "414444tt", 1U, 0U, 9U, 9U, 9U, 9U, "", "");
  WRONG("wrong OPENED", T_OPENED, "414444tt", 9U, 0U, 9U, 9U, 9U, 9U, "", "");
  WRONG("wrong TAKEN", T_TAKEN, "448", 1U, 2U, UINT64_C(1));
  WRONG("wrong TAKEN", T_TAKEN, "448", 1U, 1U, UINT64_C(2));
  WRONG("wrong TAKEN", T_TAKEN, "448", 2U, 1U, UINT64_C(0));
  WRONG("wrong TAKEN", T_TAKEN, "448", 0U, 0U, UINT64_C(0));
  WRONG("wrong TAKEN", T_TAKEN, "4481", 1U, 1U, UINT64_C(1), 0U);
  WRONG("wrong LOST", T_LOST, "4148t", 1U, 3U, 2U, UINT64_C(1), "");
  WRONG("wrong LOST", T_LOST, "4148t", 1U, 0U, 1U, UINT64_C(1), "");
  WRONG("wrong CLOSED", T_CLOSED, "4188", 1U, 0U, UINT64_C(0), UINT64_C(0));
  WRONG("wrong DATA", T_DATA, "48", 1U, UINT64_C(1));
  WRONG("wrong DATA", T_DATA, "48", 3U, UINT64_C(1));
  WRONG("wrong DATA", T_DATA, "48", 2U, UINT64_C(0));
  WRONG("wrong DATA", T_DATA, "48", 2U, UINT64_MAX);
  WRONG("wrong DATA", T_DATA, "4", 2U);
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 5U, UINT64_C(1), "");
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 2U, UINT64_C(1), "\xc0\x80");
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 2U, UINT64_C(1), "\xe0\x80\x80");
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 2U, UINT64_C(1), "\xed\xa0\x80");
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 2U, UINT64_C(1), "\xf4\x90\x80\x80");
  WRONG("wrong PEER_UP", T_PEER_UP, "48t", 2U, UINT64_C(1), "\xe2\x82");
  WRONG("wrong PEER_DOWN", T_PEER_DOWN, "482", 2U, UINT64_C(1), 1U);
  WRONG("wrong ENDED", T_ENDED, "4t", 3U, "");
  WRONG("wrong STREAMS", T_STREAMS, "12", 0U, 1U);
  WRONG("wrong STREAMS", T_STREAMS, "121", 0U, 0U, 0U);
  WRONG("wrong PING", T_PING, "4", 0U);
}

static void textsThatAreTooLong(void) {
  char longer[1026];
  memset(longer, 'x', 1025);
  longer[1025] = 0;
  WRONG("wrong ENDED", T_ENDED, "4t", 2U, longer);
  daqstream *c = connected((daqstream_options){0});
  open_input(c, "orders", &ALL, 1);
  SEND(&R, T_PEER_UP, "48t", 1U, UINT64_C(1), longer + 1);
  SEND(&R, T_PEER_UP, "48t", 1U, UINT64_C(2), "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  while (strstr(seen, "up 1 2 \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80;") == NULL) {
    CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, SOON_MS));
  }
  end();
}

static void moreEventsThanTheWindow(void) {
  for (int bytes = 0; bytes < 2; bytes++) {
    daqstream *c =
        connected((daqstream_options){.event_count = bytes != 0 ? 100 : 3, .event_bytes = 8});
    open_input(c, "orders", &ONLY_DATA, 1);
    for (int i = 0; i < 4; i++) {
      send_data(&R, 1, 1, "abcd", bytes != 0 ? 4 : 1);
    }
    await_state(false);
    CHECK_HAS("more events than the window has", daqstream_last_error(c));
    await_seen(bytes != 0 ? "data 1 1 abcd;data 1 1 abcd;" : "data 1 1 a;data 1 1 a;data 1 1 a;");
    end();
  }
}

static void onlyWelcomeComesFirst(void) {
  static const uint8_t types[] = {T_OPENED, T_DATA, T_STOP, T_PING, T_STREAMS};
  for (int i = 0; i < 6; i++) {
    daqstream *c = make((daqstream_options){0});
    daqstream_connect(c, 0);
    runtime_accept(&R);
    if (i < 5) {
      SEND(&R, types[i], "");
    } else {
      SEND(&R, T_WELCOME, "22444t", 2U, 0U, 1U, 1U, 0U, "newer");
    }
    uint64_t deadline = clock_ms() + SOON_MS;
    while (strstr(daqstream_last_error(c), i < 5 ? "before WELCOME" : "wrong WELCOME (2)") ==
           NULL) {
      CHECK(clock_ms() < deadline);
      daqstream_process_event(c, 1);
    }
    end();
  }
}

/* ---- ends ---- */

static void itComesBackByItself(void) {
  daqstream *c = connected((daqstream_options){0});
  int out = open_output(c, "frames", &ALL, 1, 9, 99, 9);
  SEND(&R, T_PEER_UP, "48t", 1U, UINT64_C(7), "there");
  await_seen("up 1 7 there;");
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "abc", 3));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "de", 2));
  runtime_expect(&R, T_CREDIT);
  runtime_expect(&R, T_WRITE);
  SEND(&R, T_TAKEN, "448", 1U, 1U, UINT64_C(3));
  runtime_expect(&R, T_WRITE);
  runtime_hang_up(&R);
  await_seen("down 1 7 connection: the runtime ended it;ended 1 connection: the runtime ended it;");
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_write(c, out, "x", 1));
  runtime_welcome(&R);
  runtime_expect_nothing(&R); /* until it hears of the stream */
  send_streams(&R, true, false, "frames");
  runtime_expect_nothing(&R);
  SEND(&R, T_STREAMS, "1211tt", 1U, 1U, 1U, 1U, "frames", "nng");
  SEND(&R, T_STREAMS, "1211tt", 0U, 1U, 0U, 1U, "orders", "nng");
  CHECK_EQUAL(1, number_at(runtime_expect(&R, T_OPEN), 4));
  CHECK_EQUAL(0x0101, number_at(R.frame + 4, 2));
  send_opened_output(&R, 1, 1, 1, 1);
  SEND(&R, T_PEER_UP, "48t", 1U, UINT64_C(1), "again");
  await_seen("up 1 8 again;");
  daqstream_info info;
  CHECK(daqstream_get_info(c, out, &info));
  CHECK(info.open && info.opened == 2 && info.peers == 1 && info.under_way == 0);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "y", 1));
  daqstream_lost lost;
  runtime_expect(&R, T_CREDIT);
  runtime_expect(&R, T_WRITE);
  SEND(&R, T_TAKEN, "448", 1U, 1U, UINT64_C(1));
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, out, 0, 0, &lost));
  runtime_expect(&R, T_CLOSE);
  send_closed(&R, 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, out, 0, SOON_MS, &lost));
  CHECK_EQUAL(1, lost.messages);
  CHECK_EQUAL(2, lost.bytes);
  end();
}

static void itStaysEnded(void) {
  daqstream *c = connected((daqstream_options){.stay_ended = true});
  int out = open_output(c, "frames", &ALL, 1, 9, 99, 9);
  runtime_hang_up(&R);
  await_seen("ended 1 connection: the runtime ended it;");
  runtime_welcome(&R);
  send_streams(&R, true, true, "frames");
  runtime_expect_nothing(&R);
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_write(c, out, "x", 1));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, out, 0, 0, NULL));
  CHECK_EQUAL(2, open_output(c, "frames", &ALL, 1, 9, 99, 9));
  end();
}

static void aStreamComesBackByItself(void) {
  daqstream *c = connected((daqstream_options){0});
  int in = open_input(c, "orders", &ALL, 1);
  SEND(&R, T_PEER_UP, "48t", 1U, UINT64_C(3), "there");
  SEND(&R, T_ENDED, "4t", 1U, "it left");
  await_seen("up 1 3 there;down 1 3 it left;ended 1 it left;");
  send_streams(&R, false, false, "orders");
  runtime_expect(&R, T_CLOSE);
  runtime_expect(&R, T_CREDIT);
  send_closed(&R, 1);
  runtime_expect_nothing(&R);
  send_streams(&R, false, true, "orders");
  CHECK_EQUAL(2, number_at(runtime_expect(&R, T_OPEN), 4));
  uint64_t begun = clock_ms();
  SEND(&R, T_OPENED, "414444tt", 2U, 12U, 0U, 0U, 0U, 0U, "", "not yet");
  CHECK_EQUAL(3, number_at(runtime_expect(&R, T_OPEN), 4)); /* after a while */
  CHECK(clock_ms() - begun + 1 >= 25);
  CHECK_HAS("NOTSUP: not yet", daqstream_last_error(c));
  send_opened_input(&R, 3);
  send_data(&R, 3, 4, "hi", 2);
  await_seen("data 1 4 hi;");
  runtime_expect(&R, T_CREDIT);
  SEND(&R, T_ENDED, "4t", 3U, "again");
  runtime_expect(&R, T_CLOSE);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, in, 0, 0, NULL)); /* before CLOSED */
  send_closed(&R, 3);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, in, 0, SOON_MS, NULL));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 0));
  CHECK(seen[0] == 0); /* what waited was thrown away */
  end();
}

static void lostAfterTheEnd(void) {
  daqstream *c = connected((daqstream_options){0});
  int out = open_output(c, "frames", NULL, 1, 9, 99, 9);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "abc", 3));
  runtime_expect(&R, T_WRITE);
  SEND(&R, T_ENDED, "4t", 1U, "it left");
  SEND(&R, T_LOST, "4148t", 1U, 3U, 1U, UINT64_C(3), "it left");
  runtime_expect(&R, T_CLOSE);
  SEND(&R, T_CLOSED, "4188", 1U, 0U, UINT64_C(2), UINT64_C(20));
  daqstream_lost lost;
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, out, 0, SOON_MS, &lost));
  CHECK_EQUAL(3, lost.messages);
  CHECK_EQUAL(23, lost.bytes);
  end();
}

static void endsInTheMiddleOfEverything(void) {
  daqstream *c = connected((daqstream_options){0});
  int opening;
  int closing = open_output(c, "closing", NULL, 1, 9, 99, 9);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(c, "opening", NULL, 0, &opening));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, closing, "abc", 3));
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(c, closing, 0, 0, NULL));
  runtime_hang_up(&R);
  daqstream_lost lost;
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_close(c, closing, 0, SOON_MS, &lost));
  CHECK_EQUAL(1, lost.messages);
  CHECK_EQUAL(DAQSTREAM_ERROR, daqstream_opened(c, opening, SOON_MS));
  end();
}

static void whyItWasRefusedIsNotLost(void) {
  daqstream *c = connected((daqstream_options){0});
  int out = open_output(c, "frames", NULL, 1, 9, 99, 9);
  SEND(&R, T_REFUSED, "1t", 4U, "you broke it");
  runtime_hang_up(&R);
  daqstream_write(c, out, "abc", 3); /* fails, but there is more to read */
  await_state(false);
  CHECK_HAS("INVAL: you broke it", daqstream_last_error(c));
  end();
}

static void eventsOfBeforeHoldBackAnotherConnection(void) {
  daqstream *c = connected((daqstream_options){.event_count = 2});
  open_input(c, "orders", &ALL, 1);
  send_data(&R, 1, 1, "a", 1);
  send_data(&R, 1, 1, "b", 1);
  for (int i = 0; i < 3; i++) {
    step(&R);
  }
  runtime_hang_up(&R);
  await_state(false);
  for (int i = 0; i < 100; i++) { /* more than the first wait */
    step(&R);
    CHECK(accept(R.listener, NULL, NULL) < 0);
  }
  await_seen("data 1 1 a;data 1 1 b;ended 1 connection: the runtime ended it;");
  runtime_accept(&R);
  end();
}

/* ---- callbacks ---- */

static int on_fault(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  on_data(context, handle, peer, bytes, length);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_process_event(current, 0));
  return -1;
}

static void callbacksFail(void) {
  daqstream *c = connected((daqstream_options){0});
  daqstream_listener listener = {.context = "", .data = on_fault};
  open_input(c, "orders", &listener, 1);
  send_data(&R, 1, 1, "x", 1);
  CHECK_EQUAL(DAQSTREAM_FAULT, daqstream_process_event(c, SOON_MS));
  CHECK(strcmp("data 1 1 x;", seen) == 0);
  CHECK_EQUAL(1, number_at(runtime_expect(&R, T_CREDIT), 4)); /* done all the same */
  end();
}

static int on_close(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  on_data(context, handle, peer, bytes, length);
  CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_close(current, handle, 0, 0, NULL));
  runtime_expect(&R, T_CLOSE);
  send_closed(&R, 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(current, handle, 0, SOON_MS, NULL));
  CHECK_EQUAL('x', ((const char *)bytes)[0]);
  return 0;
}

static void aCallbackClosesItsStream(void) {
  daqstream *c = connected((daqstream_options){0});
  daqstream_listener listener = {.context = "", .data = on_close};
  open_input(c, "orders", &listener, 1);
  send_data(&R, 1, 1, "x", 1);
  send_data(&R, 1, 1, "y", 1);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, SOON_MS));
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 0));
  CHECK(strcmp("data 1 1 x;", seen) == 0);
  uint64_t credit = 0;
  while (credit < 2) {
    credit += number_at(runtime_expect(&R, T_CREDIT), 4);
  }
  end();
}

static int on_read_more(void *context, int handle, uint64_t peer, const void *bytes,
                        size_t length) {
  static uint8_t other[60000];
  char before[64];
  memset(other, '!', sizeof other);
  memcpy(before, bytes, length);
  for (int i = 0; i < 5; i++) { /* more than the block has */
    send_data(&R, 1, 1, other, sizeof other);
    daqstream_flush(current, 0);
  }
  runtime_hang_up(&R);
  while (daqstream_connected(current)) {
    daqstream_flush(current, 0);
  }
  CHECK(memcmp(before, bytes, length) == 0);
  return on_data(context, handle, peer, bytes, length);
}

static void bytesStayWhileACallbackReads(void) {
  daqstream *c = connected((daqstream_options){0});
  daqstream_listener listener = {.context = "", .data = on_read_more};
  int handle = open_input(c, "orders", &listener, 1);
  send_data(&R, 1, 1, "precious", 8);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, SOON_MS));
  CHECK(strcmp("data 1 1 precious;", seen) == 0);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_close(c, handle, 0, SOON_MS, NULL));
  end();
}

static int on_return(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  char before[64];
  memcpy(before, bytes, length);
  runtime_hang_up(&R);
  await_state(false);
  runtime_welcome(&R);
  for (uint64_t i = 0; i < 20; i++) {
    SEND(&R, T_PING, "8", UINT64_MAX);
    runtime_expect(&R, T_PONG);
  }
  CHECK(memcmp(before, bytes, length) == 0);
  return on_data(context, handle, peer, bytes, length);
}

static void bytesStayWhileACallbackConnectsAgain(void) {
  daqstream *c = connected((daqstream_options){.stay_ended = true});
  daqstream_listener listener = {.context = "", .data = on_return};
  open_input(c, "orders", &listener, 1);
  send_data(&R, 1, 1, "precious", 8);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, SOON_MS));
  CHECK(strcmp("data 1 1 precious;", seen) == 0);
  runtime_expect_nothing(&R); /* no CREDIT for an event of before */
  end();
}

static void stopWaitsForEvents(void) {
  daqstream *c = connected((daqstream_options){0});
  open_input(c, "orders", &ONLY_DATA, 1);
  send_data(&R, 1, 1, "a", 1);
  send_data(&R, 1, 1, "b", 1);
  SEND(&R, T_STOP, "");
  for (int i = 0; i < 3; i++) {
    step(&R);
  }
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, -1));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, -1));
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_process_event(c, -1));
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_process_event(c, -1));
  end();
}

/* ---- polling ---- */

static void pollingIsEnough(void) {
  daqstream *c = connected((daqstream_options){0});
  int out = open_output(c, "frames", NULL, 1, 1 << 14, 1 << 22, 1 << 20);
  open_input(c, "orders", &ONLY_DATA, 2);
  while (daqstream_process_event(c, 0) != DAQSTREAM_TIMEDOUT) {
  }
  CHECK_EQUAL(-1, daqstream_wait_ms(c));
  CHECK_EQUAL(DAQSTREAM_READABLE, daqstream_wants(c));
  struct pollfd polled = {.fd = daqstream_fd(c), .events = POLLIN};
  CHECK_EQUAL(0, poll(&polled, 1, 0));
  send_data(&R, 2, 1, "a", 1);
  send_data(&R, 2, 1, "b", 1);
  CHECK_EQUAL(1, poll(&polled, 1, SOON_MS));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  CHECK_EQUAL(0, daqstream_wait_ms(c)); /* the other one is here already */
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, 0));
  CHECK_EQUAL(-1, daqstream_wait_ms(c));
  static char message[1 << 19];
  for (int i = 0; i < 4; i++) {
    CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, message, sizeof message));
  }
  CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_flush(c, 0));
  CHECK_EQUAL(DAQSTREAM_READABLE | DAQSTREAM_WRITABLE, daqstream_wants(c));
  CHECK_EQUAL(-1, daqstream_wait_ms(c));
  runtime_expect(&R, T_CREDIT);
  for (int i = 0; i < 4; i++) {
    runtime_expect(&R, T_WRITE);
  }
  CHECK_EQUAL(DAQSTREAM_READABLE, daqstream_wants(c));
  end();
}

static void silenceEndsTheConnection(void) {
  daqstream *c = make((daqstream_options){0});
  daqstream_connect(c, 0);
  runtime_accept(&R);
  SEND(&R, T_WELCOME, "22444t", 1U, 0U, 99U, 9U, 40U, "quiet");
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_connect(c, SOON_MS));
  int wait_ms = daqstream_wait_ms(c);
  CHECK(wait_ms >= 0 && wait_ms <= 61);
  while (daqstream_connected(c)) {
    CHECK_EQUAL(DAQSTREAM_TIMEDOUT, daqstream_process_event(c, 5));
  }
  CHECK_HAS("nothing came for", daqstream_last_error(c));
  end();
}

/* ---- hooks ---- */

/* A way that takes and gives a few bytes at a time, often wants, and reads ahead, as TLS does. */
static struct {
  int fd;
  int turn;
  int writes;
  int opened;
  int closed;
  size_t most; /* bytes at once */
  bool stuck;
  uint8_t ahead[4096];
  size_t head;
  size_t tail;
} way;

static int way_open(void *context) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  CHECK(context == &way);
  memcpy(address.sun_path, R.path, sizeof R.path);
  way.fd = socket(AF_UNIX, SOCK_STREAM, 0);
  way.opened++;
  CHECK(connect(way.fd, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(fcntl(way.fd, F_SETFL, O_NONBLOCK) == 0);
  return way.fd;
}

static ptrdiff_t way_read(void *context, void *bytes, size_t length) {
  CHECK(context == &way);
  if (way.turn++ % 3 == 0) {
    return way.head == way.tail ? DAQSTREAM_WANT_READ : DAQSTREAM_WANT_WRITE;
  }
  if (way.head == way.tail) {
    ssize_t n = recv(way.fd, way.ahead, sizeof way.ahead, 0);
    if (n <= 0) {
      return n == 0 ? DAQSTREAM_ENDED : errno == EAGAIN ? DAQSTREAM_WANT_READ : DAQSTREAM_FAILED;
    }
    way.head = 0;
    way.tail = (size_t)n;
  }
  size_t n = way.tail - way.head;
  n = n < way.most ? n : way.most;
  n = n < length ? n : length;
  memcpy(bytes, way.ahead + way.head, n);
  way.head += n;
  return (ptrdiff_t)n;
}

static ptrdiff_t way_write(void *context, const void *bytes, size_t length) {
  CHECK(context == &way);
  if (way.stuck || way.turn++ % 3 == 0) {
    return DAQSTREAM_WANT_WRITE;
  }
  way.writes++;
  ssize_t n = send(way.fd, bytes, length < 999 ? length : 999, MSG_NOSIGNAL);
  return n >= 0 ? n : errno == EAGAIN ? DAQSTREAM_WANT_WRITE : DAQSTREAM_FAILED;
}

static void way_close(void *context) {
  CHECK(context == &way);
  way.closed++;
  close(way.fd);
}

static const daqstream_hooks WAY = {&way, way_open, way_read, way_write, way_close};

static void begin_way(size_t most) {
  memset(&way, 0, sizeof way);
  way.most = most;
}

static void anotherWay(void) {
  begin_way(7);
  daqstream *c = connected((daqstream_options){.hooks = &WAY});
  int out = open_output(c, "frames", NULL, 1, 100, 1 << 20, 1 << 20);
  open_input(c, "orders", &ONLY_DATA, 2);
  static char message[100000];
  for (size_t i = 0; i < sizeof message; i++) {
    message[i] = (char)(i * 7);
  }
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, message, sizeof message));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, message, 10));
  CHECK(daqstream_fd(c) == way.fd);
  runtime_expect(&R, T_WRITE);
  CHECK(R.size == 4 + sizeof message && memcmp(message, R.frame + 4, sizeof message) == 0);
  runtime_expect(&R, T_WRITE);
  CHECK_EQUAL(14, R.size);
  send_data(&R, 2, 1, "hello", 5);
  await_seen("data 2 1 hello;");
  runtime_expect(&R, T_CREDIT);
  send_data(&R, 2, 1, message, 300);
  uint64_t begun = clock_ms();
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_process_event(c, SOON_MS));
  CHECK(clock_ms() - begun < SOON_MS / 2); /* it does not poll for what was read ahead */
  end();
  CHECK_EQUAL(way.opened, way.closed);
}

static void smallWritesGoTogether(void) {
  begin_way(7);
  daqstream *c = connected((daqstream_options){.hooks = &WAY});
  int out = open_output(c, "frames", NULL, 1, 1 << 14, 1 << 20, 100);
  way.writes = 0;
  for (int i = 0; i < 1000; i++) {
    CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "x", 1));
  }
  CHECK(way.writes < 200);
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_flush(c, SOON_MS));
  for (int i = 0; i < 1000; i++) {
    runtime_expect(&R, T_WRITE);
  }
  end();
}

static void aLoneWriteGoesAtOnce(void) {
  daqstream *c = connected((daqstream_options){0});
  int out = open_output(c, "frames", NULL, 1, 9, 99, 9);
  for (int i = 0; i < 2; i++) {
    poll(NULL, 0, 1); /* more than 200 microseconds */
    CHECK_EQUAL(DAQSTREAM_OK, daqstream_write(c, out, "x", 1));
    runtime_read(&R);
    CHECK(runtime_has(&R));
    runtime_expect(&R, T_WRITE);
  }
  end();
}

/* A runtime that asks and asks and reads nothing costs no memory. */
static void pingsAreBounded(void) {
  begin_way(1 << 16);
  daqstream *c = connected((daqstream_options){.hooks = &WAY});
  way.stuck = true;
  for (uint64_t i = 0; i < 30000; i++) {
    SEND(&R, T_PING, "8", i);
  }
  uint64_t pongs = 0;
  way.stuck = false;
  while (number_at(runtime_expect(&R, T_PONG), 8) != 29999) {
    pongs++;
  }
  CHECK(pongs > 0 && pongs <= 65536 / 13 + 10);
  CHECK(daqstream_connected(c));
  end();
}

static void severalClients(void) {
  daqstream *clients[3];
  static struct runtime runtimes[3];
  for (int i = 0; i < 3; i++) {
    runtime_listen(&runtimes[i]);
    clients[i] = daqstream_new(&(daqstream_options){.path = runtimes[i].path, .instance = "x"});
    runtimes[i].client = clients[i];
    daqstream_connect(clients[i], 0);
    runtime_welcome(&runtimes[i]);
  }
  for (int i = 0; i < 3; i++) {
    int handle;
    CHECK_EQUAL(DAQSTREAM_AGAIN, daqstream_open_output(clients[i], "frames", NULL, 0, &handle));
    CHECK_EQUAL(1, handle);
    runtime_expect(&runtimes[i], T_OPEN);
  }
  for (int i = 0; i < 3; i++) {
    daqstream_free(clients[i], 0);
    runtime_end(&runtimes[i]);
  }
}

#define TEST(name) \
  { #name, name }
static const struct {
  const char *name;
  void (*run)(void);
} TESTS[] = {
    TEST(helloIsGolden),
    TEST(outputIsGolden),
    TEST(inputIsGolden),
    TEST(endsAreGolden),
    TEST(refusedIsGolden),
    TEST(connectingIsRefused),
    TEST(afterALongTimeItComesBackAtOnce),
    TEST(wrongOptionsMakeNoClient),
    TEST(nobodyListens),
    TEST(allResultsOfAnOpen),
    TEST(wrongCallsAreRefusedWithoutAsking),
    TEST(closeTellsTheResult),
    TEST(closedBeforeItIsOpen),
    TEST(outputsHaveWindows),
    TEST(creditComesInHalves),
    TEST(thrownAwayEventsCount),
    TEST(framesComeByteByByte),
    TEST(longMessagesBothWays),
    TEST(wrongFramesEndTheConnection),
    TEST(textsThatAreTooLong),
    TEST(moreEventsThanTheWindow),
    TEST(onlyWelcomeComesFirst),
    TEST(itComesBackByItself),
    TEST(itStaysEnded),
    TEST(aStreamComesBackByItself),
    TEST(lostAfterTheEnd),
    TEST(endsInTheMiddleOfEverything),
    TEST(whyItWasRefusedIsNotLost),
    TEST(eventsOfBeforeHoldBackAnotherConnection),
    TEST(callbacksFail),
    TEST(aCallbackClosesItsStream),
    TEST(bytesStayWhileACallbackReads),
    TEST(bytesStayWhileACallbackConnectsAgain),
    TEST(stopWaitsForEvents),
    TEST(pollingIsEnough),
    TEST(silenceEndsTheConnection),
    TEST(anotherWay),
    TEST(smallWritesGoTogether),
    TEST(aLoneWriteGoesAtOnce),
    TEST(pingsAreBounded),
    TEST(severalClients),
};

int main(int count, char **arguments) {
  size_t tests = sizeof TESTS / sizeof *TESTS;
  for (size_t i = 0; i < tests; i++) {
    if (count < 2 || strcmp(arguments[1], TESTS[i].name) == 0) {
      uint64_t begun = clock_ms();
      fprintf(stderr, "%s", TESTS[i].name);
      TESTS[i].run();
      fprintf(stderr, " %llu ms\n", (unsigned long long)(clock_ms() - begun));
    }
  }
  printf("%zu tests\n", tests);
  return 0;
}
