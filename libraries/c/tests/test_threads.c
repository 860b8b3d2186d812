/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Clients that wait inside their calls, each on a thread of its own, against a runtime of one more
 * thread each: it answers what comes, sends back as an event of stream 2 what stream 1 wrote, and
 * hangs up now and then.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

enum { CLIENTS = 3 };

struct echo {
  int listener;
  struct sockaddr_un address;
  pthread_t thread;
  unsigned hang_up_after; /* messages; 0: never */
  unsigned connections;
  uint64_t taken; /* in all */
  uint64_t taken_last;
  uint64_t events; /* that may still be sent */
  uint64_t window;
  uint8_t in[1 << 17];
  size_t length;
  struct built out;
  int fd;
  unsigned output;
  unsigned input;
  uint64_t peer;
};

static bool send_all(int fd, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
    if (n <= 0) {
      return false;
    }
    bytes += n;
    length -= (size_t)n;
  }
  return true;
}

#define ANSWER(e, type, ...)                                             \
  do {                                                                   \
    build(&(e)->out, type, __VA_ARGS__);                                 \
    going = send_all((e)->fd, (e)->out.bytes, (e)->out.length) && going; \
  } while (0)

static bool answer_open(struct echo *e, const uint8_t *at) {
  bool going = true;
  unsigned number = (unsigned)number_at(at, 4);
  if (at[4] == 1) {
    e->output = number;
    ANSWER(e, T_OPENED, "414444tt", number, 0U, UINT32_MAX, 500U, 1U << 16, 1U << 12, "echo", "");
  } else {
    e->input = number;
    ANSWER(e, T_OPENED, "414444tt", number, 0U, UINT32_MAX, 0U, 0U, 0U, "echo", "");
  }
  ANSWER(e, T_PEER_UP, "48t", number, ++e->peer, "here");
  e->events--;
  return going;
}

static bool answer_write(struct echo *e, const uint8_t *at, size_t size) {
  bool going = true;
  e->taken++;
  e->taken_last++;
  ANSWER(e, T_TAKEN, "448", e->output, 1U, (uint64_t)(size - 4));
  if (e->input != 0 && e->events > 0) {
    e->events--;
    begin(&e->out, T_DATA);
    add(&e->out, e->input, 4);
    add(&e->out, e->peer, 8);
    add_bytes(&e->out, at + 4, size - 4);
    finish(&e->out);
    going = going && send_all(e->fd, e->out.bytes, e->out.length);
  }
  return going && (e->hang_up_after == 0 || e->taken_last < e->hang_up_after);
}

static bool answer(struct echo *e, uint8_t type, const uint8_t *at, size_t size) {
  bool going = true;
  if (type == T_HELLO) {
    e->window = number_at(at + 12, 4);
    e->events = e->window;
    ANSWER(e, T_WELCOME, "22444t", 1U, 0U, 1U << 12, 8U, 0U, "echo");
    ANSWER(e, T_STREAMS, "1211tt11tt", 0U, 2U, 1U, 1U, "out", "echo", 0U, 1U, "in", "echo");
  } else if (type == T_OPEN) {
    going = answer_open(e, at);
  } else if (type == T_WRITE) {
    going = answer_write(e, at, size);
  } else if (type == T_CREDIT) {
    e->events += number_at(at, 4);
    CHECK(e->events <= e->window);
  } else {
    CHECK_EQUAL(T_CLOSE, type);
    unsigned number = (unsigned)number_at(at, 4);
    e->input = number == e->input ? 0 : e->input;
    ANSWER(e, T_CLOSED, "4188", number, 0U, UINT64_C(0), UINT64_C(0));
  }
  return going;
}

static bool answer_all(struct echo *e) {
  size_t at = 0;
  bool going = true;
  while (going && e->length - at >= 4 && e->length - at - 4 >= number_at(e->in + at, 4)) {
    size_t size = (size_t)number_at(e->in + at, 4);
    going = answer(e, e->in[at + 4], e->in + at + 5, size - 1);
    at += 4 + size;
  }
  memmove(e->in, e->in + at, e->length - at);
  e->length -= at;
  return going;
}

/* Until nobody may connect any more. */
static void *run_echo(void *argument) {
  struct echo *e = argument;
  while ((e->fd = accept(e->listener, NULL, NULL)) >= 0) {
    e->connections++;
    e->length = e->taken_last = e->output = e->input = 0;
    e->peer = 0;
    ssize_t n = 1;
    while (n > 0) {
      n = recv(e->fd, e->in + e->length, sizeof e->in - e->length, 0);
      if (n > 0) {
        e->length += (size_t)n;
        n = answer_all(e) ? 1 : 0;
      }
    }
    close(e->fd);
  }
  return NULL;
}

static struct echo *start_echo(unsigned hang_up_after) {
  struct echo *e = calloc(1, sizeof *e);
  const char *folder = getenv("TMPDIR");
  e->hang_up_after = hang_up_after;
  e->address.sun_family = AF_UNIX;
  snprintf(e->address.sun_path, sizeof e->address.sun_path, "%s/dq-%ld-%p",
           folder == NULL ? "/tmp" : folder, (long)getpid(), (void *)e);
  unlink(e->address.sun_path);
  e->listener = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bind(e->listener, (struct sockaddr *)&e->address, sizeof e->address) == 0);
  CHECK(listen(e->listener, 8) == 0);
  CHECK(pthread_create(&e->thread, NULL, run_echo, e) == 0);
  return e;
}

/* When it has counted all. */
static void join_echo(struct echo *e) {
  shutdown(e->listener, SHUT_RDWR);
  CHECK(pthread_join(e->thread, NULL) == 0);
}

static void free_echo(struct echo *e) {
  close(e->listener);
  unlink(e->address.sun_path);
  free(e);
}

/* What a module counts. */
struct module {
  daqstream *client;
  uint64_t came;
  uint64_t newest; /* number in the message */
  uint64_t peer;
  uint64_t ended;
};

static int on_data(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  struct module *m = context;
  CHECK(handle == 2 && length == 64);
  uint64_t number = number_at(bytes, 8);
  CHECK(m->came == 0 || number > m->newest); /* in order, never twice */
  CHECK(peer >= m->peer);                    /* never again */
  m->newest = number;
  m->peer = peer;
  m->came++;
  return 0;
}

static int on_ended(void *context, int handle, const char *cause) {
  struct module *m = context;
  CHECK(handle > 0 && cause[0] != 0);
  m->ended++;
  return 0;
}

static void drain(struct module *m, int timeout_ms) {
  while (daqstream_process_event(m->client, timeout_ms) == DAQSTREAM_OK) {
  }
}

static void run_module(struct echo *e, unsigned messages) {
  struct module m = {0};
  int out;
  int in;
  m.client = daqstream_new(&(daqstream_options){.path = e->address.sun_path, .instance = "module"});
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_connect(m.client, -1));
  daqstream_listener output = {.context = &m, .ended = on_ended};
  daqstream_listener input = {&m, on_data, NULL, NULL, on_ended};
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_open_output(m.client, "out", &output, -1, &out));
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_open_input(m.client, "in", &input, -1, &in));
  uint64_t written = 0;
  for (uint64_t i = 0; i < messages; i++) {
    uint8_t message[64] = {0};
    for (int b = 0; b < 8; b++) {
      message[b] = (uint8_t)(i >> (8 * b));
    }
    if (i % 64 == 0) {
      drain(&m, 0);
    }
    while (daqstream_await_room(m.client, out, sizeof message, 100) != DAQSTREAM_OK) {
      drain(&m, 1); /* it comes back */
    }
    written += daqstream_write(m.client, out, message, sizeof message) == DAQSTREAM_OK ? 1 : 0;
  }
  daqstream_lost lost;
  while (daqstream_flush(m.client, -1) != DAQSTREAM_OK) {
    drain(&m, 1);
  }
  daqstream_result closed = daqstream_close(m.client, out, 1000, -1, &lost);
  CHECK(closed == DAQSTREAM_OK || closed == DAQSTREAM_ERROR);
  drain(&m, 20);
  if (e->hang_up_after == 0) {
    CHECK_EQUAL(messages, written);
    CHECK_EQUAL(0, lost.messages);
    CHECK_EQUAL(messages, m.came);
    CHECK_EQUAL(0, m.ended);
  } else {
    CHECK(m.ended > 2);
  }
  daqstream_free(m.client, -1);
  join_echo(e);
  CHECK(written <= e->taken + lost.messages); /* every loss is told */
  CHECK(m.came <= e->taken);
}

static void *run_steadily(void *ignored) {
  struct echo *e = start_echo(0);
  run_module(e, 20000);
  free_echo(e);
  return ignored;
}

static void *run_with_ends(void *ignored) {
  struct echo *e = start_echo(300);
  run_module(e, 3000);
  free_echo(e);
  return ignored;
}

/* One thread waits for ever; others ask it to stop. */
static void *wait_for_stop(void *argument) {
  daqstream *c = argument;
  CHECK_EQUAL(DAQSTREAM_SHOULDEXIT, daqstream_process_event(c, -1));
  return NULL;
}

static void *ask_to_stop(void *argument) {
  daqstream_request_stop(argument);
  return NULL;
}

static void stopFromOtherThreads(void) {
  struct echo *e = start_echo(0);
  daqstream *c =
      daqstream_new(&(daqstream_options){.path = e->address.sun_path, .instance = "module"});
  CHECK_EQUAL(DAQSTREAM_OK, daqstream_connect(c, -1));
  pthread_t waiting;
  pthread_t asking[2];
  CHECK(pthread_create(&waiting, NULL, wait_for_stop, c) == 0);
  poll(NULL, 0, 20); /* most likely it waits by now; right either way */
  for (int i = 0; i < 2; i++) {
    CHECK(pthread_create(&asking[i], NULL, ask_to_stop, c) == 0);
  }
  pthread_join(waiting, NULL);
  pthread_join(asking[0], NULL);
  pthread_join(asking[1], NULL);
  daqstream_free(c, 0);
  join_echo(e);
  free_echo(e);
}

int main(void) {
  pthread_t steady[CLIENTS];
  pthread_t ended;
  for (int i = 0; i < CLIENTS; i++) {
    CHECK(pthread_create(&steady[i], NULL, run_steadily, NULL) == 0);
  }
  CHECK(pthread_create(&ended, NULL, run_with_ends, NULL) == 0);
  for (int i = 0; i < CLIENTS; i++) {
    pthread_join(steady[i], NULL);
  }
  pthread_join(ended, NULL);
  stopFromOtherThreads();
  printf("%d clients at once, one that loses its connection, one that is stopped\n", CLIENTS + 1);
  return 0;
}
