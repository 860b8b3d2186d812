/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* The wire: docs/streams-remote.md. */

#define _POSIX_C_SOURCE 200809L

#include "daqstream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* then SO_NOSIGPIPE */
#endif

#define LIBRARY "c 0.1"

enum {
  VERSION = 1,
  LONGEST_TEXT = 1024,
  FRAME_SLACK = 65536, /* longer than the longest message */
  HEAD = 4,            /* the length */
  WRITE_HEAD = HEAD + 1 + 4,
  MOST_PEERS = 65536,
  READ_BYTES = 65536,
  GATHER_BYTES = 32768,
  GATHER_US = 200,
  READ_EVERY_MS = 100, /* by who only writes */
  READS_AT_ONCE = 16,
  GREETING_MS = 10000,
  STABLE_MS = 1000, /* after which the waits begin anew */
  FIRST_WAIT_MS = 50,
  LONGEST_WAIT_MS = 5000,
  DEFAULT_EVENTS = 1024,
  DEFAULT_EVENT_BYTES = 1 << 20
};

enum { HELLO = 0x01, OPEN, WRITE, CLOSE, CREDIT, PONG };

enum {
  WELCOME = 0x81,
  REFUSED,
  OPENED,
  TAKEN,
  LOST,
  CLOSED,
  DATA,
  PEER_UP,
  PEER_DOWN,
  ENDED,
  STREAMS,
  STOP,
  PING
};

/* What is between head and tail is waiting. */
struct bytes {
  uint8_t *data;
  size_t capacity;
  size_t head;
  size_t tail;
};

/* A frame's body while it is taken apart. */
struct frame {
  uint8_t type;
  const uint8_t *at;
  size_t left;
  bool wrong;
};

struct event {
  struct event *next;
  uint64_t connection; /* to which it counts */
  uint64_t peer;
  int handle;
  uint8_t type;
  bool counts; /* for CREDIT: it came from the runtime */
  size_t length;
  uint8_t bytes[];
};

enum stream_state {
  STREAM_OPENING, /* for the first time */
  STREAM_REFUSED, /* and the module does not know yet */
  STREAM_OPEN,
  STREAM_RETIRING,  /* ENDED came, CLOSED did not yet */
  STREAM_ENDED,     /* the runtime does not know it any more */
  STREAM_REOPENING, /* by the client itself */
  STREAM_CLOSING,   /* by the module */
  STREAM_CLOSED     /* and the module does not know yet */
};

struct stream {
  int handle;
  enum stream_state state;
  uint32_t number; /* on the wire; 0: the runtime knows none */
  bool output;
  bool news;
  bool ready; /* the runtime says that it can be opened */
  bool ready_next;
  bool close_asked; /* while it is being opened */
  uint32_t close_flush;
  daqstream_result result; /* of the open or close */
  daqstream_listener listener;
  char *name;
  char *type;
  int port;
  uint32_t longest;
  uint32_t window_count;
  uint32_t window_bytes;
  uint64_t way_count; /* written, and neither taken nor lost */
  uint64_t way_bytes;
  uint64_t messages;
  uint64_t bytes;
  uint64_t rejected;
  uint64_t opened;
  daqstream_lost lost;
  uint64_t *peers;
  size_t peer_count;
  size_t peer_capacity;
  uint64_t opened_ms;
  uint64_t reopen_ms;
  unsigned attempts;
};

enum client_state { CLIENT_WAITING, CLIENT_GREETING, CLIENT_UP };

struct daqstream {
  char *path;
  char *instance;
  char *token;
  bool stay_ended;
  bool hooked;
  daqstream_hooks hooks;

  enum client_state state;
  int fd;
  int rx_want;
  int tx_want;
  bool rx_dry;         /* reading again needs a poll */
  bool tx_blocked;     /* the same for writing */
  bool tx_dead;        /* writing failed; what comes may say why */
  uint64_t connection; /* how many there were */
  uint64_t since_ms;   /* of this connection */
  uint64_t heard_ms;
  uint64_t attempt_ms; /* when to connect again */
  unsigned attempts;
  daqstream_result refusal;
  char error[LONGEST_TEXT + 256];

  uint64_t longest_message;
  uint32_t silence_ms;
  uint32_t last_number;
  int last_handle;

  struct bytes rx;
  uint8_t *pinned; /* block that a callback looks at; may be that of rx */
  struct bytes out;
  size_t send_at; /* that much gathered is sent */
  uint64_t sent_us;
  uint64_t read_us;
  bool listing; /* a list of STREAMS goes on */
  bool pong_due;
  uint64_t pong;

  uint32_t window_count;
  uint32_t window_bytes;
  uint64_t way_count; /* events that came and were not given back */
  uint64_t way_bytes;
  uint64_t done_count; /* those of them that are done */
  uint64_t done_bytes;
  struct event *first;
  struct event **last;
  size_t waiting;

  uint64_t peer_base;
  uint64_t peer_highest;
  struct stream **streams; /* by handle */
  size_t stream_count;
  size_t stream_capacity;
  struct stream *used; /* last written to */
  struct stream *read; /* last received from */

  bool delivering;
  atomic_int stop;
  int stop_pipe[2];
  uint64_t random;
};

/* ---- time ---- */

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}

static uint64_t now_ms(void) {
  return now_us() / 1000U;
}

static uint64_t deadline_of(int timeout_ms) {
  return timeout_ms < 0 ? UINT64_MAX : now_ms() + (uint64_t)timeout_ms;
}

/* Shortened at random, so that many do not come together. */
static uint64_t wait_before(daqstream *c, unsigned attempts) {
  if (attempts == 0) {
    return 0;
  }
  uint64_t wait = attempts > 7 ? LONGEST_WAIT_MS : (uint64_t)FIRST_WAIT_MS << (attempts - 1);
  if (wait > LONGEST_WAIT_MS) {
    wait = LONGEST_WAIT_MS;
  }
  c->random ^= c->random << 13;
  c->random ^= c->random >> 7;
  c->random ^= c->random << 17;
  return wait - c->random % (wait / 2 + 1);
}

static void set_error(daqstream *c, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

static void set_error(daqstream *c, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(c->error, sizeof c->error, format, arguments);
  va_end(arguments);
}

static char *copy_text(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  if (copy != NULL) {
    memcpy(copy, text, size);
  }
  return copy;
}

/* ---- bytes out ---- */

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static size_t waiting(const struct bytes *b) {
  return b->tail - b->head;
}

/* Room for so many behind the tail; what waits may move. */
static bool reserve(struct bytes *b, size_t more) {
  size_t used = waiting(b);
  if (used == 0) {
    b->head = b->tail = 0;
  }
  if (b->capacity - b->tail >= more) {
    return true;
  }
  if (more > SIZE_MAX / 4 - used) {
    return false;
  }
  if (b->head > 0) {
    memmove(b->data, b->data + b->head, used);
    b->head = 0;
    b->tail = used;
  }
  if (b->capacity - used >= more && used <= b->capacity / 2) {
    return true;
  }
  size_t capacity = b->capacity < READ_BYTES ? READ_BYTES : b->capacity * 2;
  if (capacity < used + more) {
    capacity = used + more;
  }
  uint8_t *data = realloc(b->data, capacity);
  if (data == NULL) {
    return b->capacity - used >= more;
  }
  b->data = data;
  b->capacity = capacity;
  return true;
}

/* The room is reserved. */
static void put(struct bytes *b, uint64_t value, int size) {
  uint8_t *at = b->data + b->tail;
  for (int i = 0; i < size; i++) {
    at[i] = (uint8_t)(value >> (8 * i));
  }
  b->tail += (size_t)size;
}

static void put_bytes(struct bytes *b, const void *bytes, size_t length) {
  if (length > 0) {
    memcpy(b->data + b->tail, bytes, length);
    b->tail += length;
  }
}

static void put_text(struct bytes *b, const char *text) {
  size_t length = strlen(text);
  put(b, length, 2);
  put_bytes(b, text, length);
}

/* Begins a frame whose body has so many bytes. */
static bool put_frame(struct bytes *b, uint8_t type, size_t body) {
  if (!reserve(b, HEAD + 1 + body)) {
    return false;
  }
  put(b, body + 1, HEAD);
  put(b, type, 1);
  return true;
}

/* ---- frames in ---- */

static uint64_t get(struct frame *f, size_t size) {
  if (f->left < size) {
    f->wrong = true;
    f->left = 0;
    return 0;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < size; i++) {
    value |= (uint64_t)f->at[i] << (8 * i);
  }
  f->at += size;
  f->left -= size;
  return value;
}

static size_t continuations(uint8_t first) {
  return first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

static bool is_utf8(const uint8_t *at, size_t length) {
  static const uint32_t lowest[] = {0, 0x80, 0x800, 0x10000};
  for (size_t i = 0; i < length; i++) {
    uint8_t first = at[i];
    size_t more = continuations(first);
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || more > length - i - 1) {
      return false;
    }
    uint32_t code = more == 0 ? first : first & (0x3FU >> more);
    for (; more > 0; more--) {
      uint8_t next = at[++i];
      if ((next & 0xC0U) != 0x80) {
        return false;
      }
      code = code << 6 | (next & 0x3FU);
    }
    if (code < lowest[continuations(first)] || (code >= 0xD800 && code < 0xE000) ||
        code > 0x10FFFF) {
      return false;
    }
  }
  return true;
}

typedef char text[LONGEST_TEXT + 1];

static void get_text(struct frame *f, text into) {
  size_t length = (size_t)get(f, 2);
  into[0] = 0;
  if (length > f->left || length > LONGEST_TEXT || !is_utf8(f->at, length)) {
    f->wrong = true;
    f->left = 0;
    return;
  }
  memcpy(into, f->at, length);
  into[length] = 0;
  f->at += length;
  f->left -= length;
}

/* Whether all of it was there, and nothing else. */
static bool complete(const struct frame *f) {
  return !f->wrong && f->left == 0;
}

/* ---- events ---- */

/* An event is done with, or thrown away. */
static void give_back(daqstream *c, const struct event *event) {
  if (event->counts && event->connection == c->connection) {
    c->done_count++;
    c->done_bytes += event->type == DATA ? event->length : 0;
  }
}

static bool queue(daqstream *c, const struct event *event, const void *bytes) {
  struct event *copy = malloc(sizeof *copy + event->length);
  if (copy == NULL) {
    return false;
  }
  *copy = *event;
  copy->next = NULL;
  if (event->length > 0) {
    memcpy(copy->bytes, bytes, event->length);
  }
  *c->last = copy;
  c->last = &copy->next;
  c->waiting++;
  return true;
}

static struct event *unqueue(daqstream *c) {
  struct event *event = c->first;
  if (event != NULL) {
    c->first = event->next;
    if (c->first == NULL) {
      c->last = &c->first;
    }
    c->waiting--;
  }
  return event;
}

/* Throws away what waits of a stream. */
static void purge(daqstream *c, int handle) {
  struct event **at = &c->first;
  while (*at != NULL) {
    struct event *event = *at;
    if (event->handle == handle) {
      *at = event->next;
      c->waiting--;
      give_back(c, event);
      free(event);
    } else {
      at = &event->next;
    }
  }
  c->last = at;
}

/* ---- streams ---- */

static struct stream *find(const daqstream *c, int handle) {
  size_t low = 0;
  size_t high = c->stream_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (c->streams[middle]->handle < handle) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < c->stream_count && c->streams[low]->handle == handle ? c->streams[low] : NULL;
}

static struct stream *find_number(daqstream *c, uint64_t number) {
  if (c->read != NULL && c->read->number == number && number != 0) {
    return c->read;
  }
  for (size_t i = 0; i < c->stream_count && number != 0; i++) {
    if (c->streams[i]->number == number) {
      return c->read = c->streams[i];
    }
  }
  return NULL;
}

static void free_stream(struct stream *s) {
  if (s != NULL) {
    free(s->name);
    free(s->type);
    free(s->peers);
    free(s);
  }
}

static void remove_stream(daqstream *c, struct stream *s) {
  size_t i = 0;
  while (c->streams[i] != s) {
    i++;
  }
  c->stream_count--;
  memmove(c->streams + i, c->streams + i + 1, (c->stream_count - i) * sizeof s);
  c->used = NULL;
  c->read = NULL;
  free_stream(s);
}

static bool add_stream(daqstream *c, struct stream *s) {
  if (c->stream_count == c->stream_capacity) {
    size_t capacity = c->stream_capacity == 0 ? 8 : c->stream_capacity * 2;
    struct stream **streams = realloc(c->streams, capacity * sizeof *streams);
    if (streams == NULL) {
      return false;
    }
    c->streams = streams;
    c->stream_capacity = capacity;
  }
  c->streams[c->stream_count++] = s;
  return true;
}

/* False: too many, or no memory. */
static bool add_peer(struct stream *s, uint64_t peer) {
  for (size_t i = 0; i < s->peer_count; i++) {
    if (s->peers[i] == peer) {
      return true;
    }
  }
  if (s->peer_count == s->peer_capacity) {
    size_t capacity = s->peer_capacity == 0 ? 4 : s->peer_capacity * 2;
    uint64_t *peers = capacity > MOST_PEERS ? NULL : realloc(s->peers, capacity * sizeof *peers);
    if (peers == NULL) {
      return false;
    }
    s->peers = peers;
    s->peer_capacity = capacity;
  }
  s->peers[s->peer_count++] = peer;
  return true;
}

static void remove_peer(struct stream *s, uint64_t peer) {
  for (size_t i = 0; i < s->peer_count; i++) {
    if (s->peers[i] == peer) {
      s->peer_count--;
      memmove(s->peers + i, s->peers + i + 1, (s->peer_count - i) * sizeof *s->peers);
      return;
    }
  }
}

/* The stream is of the runtime no more: it may be opened again after a while. */
static void ended_for_now(daqstream *c, struct stream *s) {
  uint64_t now = now_ms();
  s->number = 0;
  s->state = STREAM_ENDED;
  if (s->opened_ms != 0 && now - s->opened_ms >= STABLE_MS) {
    s->attempts = 0;
  }
  s->opened_ms = 0;
  s->reopen_ms = now + wait_before(c, s->attempts);
  s->attempts++;
}

/* Tells the module, if it listens, that its peers have gone and the stream has ended. */
static void tell_end(daqstream *c, struct stream *s, bool counts, const char *cause) {
  struct event event = {.connection = c->connection, .handle = s->handle, .type = PEER_DOWN};
  event.length = strlen(cause) + 1;
  bool told = true;
  for (size_t i = 0; i < s->peer_count && s->listener.peer_down != NULL; i++) {
    event.peer = s->peers[i];
    told = queue(c, &event, cause) && told;
  }
  s->peer_count = 0;
  event.type = ENDED;
  event.peer = 0;
  event.counts = counts;
  if (s->listener.ended == NULL) {
    give_back(c, &event);
  } else if (!queue(c, &event, cause)) {
    give_back(c, &event);
    told = false;
  }
  if (!told) {
    set_error(c, "no memory to tell of the end of stream '%s'", s->name);
  }
}

/* ---- connection ---- */

static void close_descriptor(daqstream *c) {
  if (c->fd >= 0) {
    if (c->hooked) {
      c->hooks.close(c->hooks.context);
    } else {
      close(c->fd);
    }
    c->fd = -1;
  }
}

static void unconnected(struct stream *s, daqstream *c) {
  s->lost.messages += s->way_count;
  s->lost.bytes += s->way_bytes;
  s->way_count = 0;
  s->way_bytes = 0;
  s->ready = s->ready_next = false;
  switch (s->state) {
    case STREAM_OPENING:
      s->state = s->close_asked ? STREAM_CLOSED : STREAM_REFUSED;
      s->result = s->close_asked ? DAQSTREAM_OK : DAQSTREAM_ERROR;
      break;
    case STREAM_OPEN:
      ended_for_now(c, s);
      tell_end(c, s, false, c->error);
      break;
    case STREAM_RETIRING:
      ended_for_now(c, s);
      break;
    case STREAM_REOPENING:
      ended_for_now(c, s);
      if (s->close_asked) {
        s->state = STREAM_CLOSED;
        s->result = DAQSTREAM_OK;
      }
      break;
    case STREAM_CLOSING:
      s->state = STREAM_CLOSED;
      s->result = DAQSTREAM_ERROR;
      break;
    case STREAM_REFUSED:
    case STREAM_ENDED:
    case STREAM_CLOSED:
      break;
  }
  s->number = 0;
}

/* The connection is over, or was none; the cause is in error. */
static void disconnect(daqstream *c) {
  uint64_t now = now_ms();
  close_descriptor(c);
  if (c->state == CLIENT_UP && now - c->since_ms >= STABLE_MS) {
    c->attempts = 0;
  }
  c->state = CLIENT_WAITING;
  c->attempt_ms = now + wait_before(c, c->attempts);
  c->attempts++;
  if (c->rx.data != NULL && c->rx.data == c->pinned) {
    c->rx = (struct bytes){0};
  }
  c->rx.head = c->rx.tail = 0;
  c->out.head = c->out.tail = 0;
  for (size_t i = 0; i < c->stream_count; i++) {
    unconnected(c->streams[i], c);
  }
}

/* The runtime broke the rules, or there is no memory for what it says. */
static void fault(daqstream *c, const char *what, uint64_t number) {
  set_error(c, "the runtime sent %s (%llu)", what, (unsigned long long)number);
  disconnect(c);
}

static void no_memory(daqstream *c) {
  set_error(c, "no memory");
  disconnect(c);
}

static bool set_flags(int fd) {
  return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static int connect_path(daqstream *c) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, c->path, strlen(c->path) + 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) {
    return -1;
  }
#ifdef SO_NOSIGPIPE
  setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &(int){1}, sizeof(int));
#endif
  if (!set_flags(fd) || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
  }
  return fd;
}

static bool put_hello(daqstream *c) {
  const char *token = c->token == NULL ? "" : c->token;
  size_t texts = strlen(c->instance) + strlen(token) + strlen(LIBRARY);
  if (!put_frame(&c->out, HELLO, 4 + 2 + 2 + 4 + 4 + 4 + 3 * 2 + texts)) {
    return false;
  }
  put_bytes(&c->out, "DQSR", 4);
  put(&c->out, VERSION, 2);
  put(&c->out, 0, 2);
  put(&c->out, (uint64_t)getpid(), 4);
  put(&c->out, c->window_count, 4);
  put(&c->out, c->window_bytes, 4);
  put_text(&c->out, c->instance);
  put_text(&c->out, token);
  put_text(&c->out, LIBRARY);
  return true;
}

static void begin_connection(daqstream *c) {
  c->fd = c->hooked ? c->hooks.open(c->hooks.context) : connect_path(c);
  if (c->fd < 0) {
    char cause[128] = "cannot connect";
    if (!c->hooked) {
      strerror_r(errno, cause, sizeof cause); /* that of POSIX, which is safe in threads */
    }
    set_error(c, "%s: %s", c->hooked ? "the hook" : c->path, cause);
    disconnect(c);
    return;
  }
  c->state = CLIENT_GREETING;
  c->connection++;
  c->since_ms = c->heard_ms = now_ms();
  c->rx_want = DAQSTREAM_READABLE;
  c->tx_want = DAQSTREAM_WRITABLE;
  c->rx_dry = c->tx_blocked = c->tx_dead = c->pong_due = c->listing = false;
  c->send_at = GATHER_BYTES;
  c->last_number = 0;
  c->longest_message = 0;
  c->silence_ms = 0;
  c->way_count = c->way_bytes = c->done_count = c->done_bytes = 0;
  c->peer_base = c->peer_highest;
  if (!put_hello(c)) {
    no_memory(c);
  }
}

/* ---- sending ---- */

/* Gives the bytes written; 0 when that must wait, or is no use any more. */
static size_t transmit(daqstream *c, const uint8_t *bytes, size_t length) {
  ptrdiff_t n;
  if (c->hooked) {
    n = c->hooks.write(c->hooks.context, bytes, length);
  } else {
    do {
      n = send(c->fd, bytes, length, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
      n = errno == EAGAIN || errno == EWOULDBLOCK ? DAQSTREAM_WANT_WRITE : DAQSTREAM_FAILED;
    }
  }
  if (n > 0 && (size_t)n <= length) {
    return (size_t)n;
  }
  if (n == DAQSTREAM_WANT_READ || n == DAQSTREAM_WANT_WRITE) {
    c->tx_want = n == DAQSTREAM_WANT_READ ? DAQSTREAM_READABLE : DAQSTREAM_WRITABLE;
    c->tx_blocked = true;
  } else {
    c->tx_dead = true;
    c->rx_dry = false; /* it may have said why */
  }
  return 0;
}

static void flush(daqstream *c, uint64_t now) {
  c->tx_blocked = false;
  while (waiting(&c->out) > 0 && !c->tx_blocked && !c->tx_dead) {
    c->out.head += transmit(c, c->out.data + c->out.head, waiting(&c->out));
  }
  if (c->tx_dead) {
    c->out.head = c->out.tail;
  }
  c->sent_us = now;
  c->send_at = waiting(&c->out) + GATHER_BYTES;
}

/* Sends what is gathered when it is time; whether it is also time to read. */
static bool flush_when_due(daqstream *c) {
  uint64_t now = now_us();
  bool due = waiting(&c->out) >= c->send_at || now - c->sent_us >= GATHER_US;
  if (due) {
    flush(c, now);
  }
  return due && now - c->read_us >= READ_EVERY_MS * 1000U;
}

static void put_credit(daqstream *c) {
  if (!put_frame(&c->out, CREDIT, 4 + 8)) {
    no_memory(c);
    return;
  }
  put(&c->out, c->done_count, 4);
  put(&c->out, c->done_bytes, 8);
  c->way_count -= c->done_count;
  c->way_bytes -= c->done_bytes;
  c->done_count = c->done_bytes = 0;
}

/* One answer is enough for a runtime that asks on and on and reads nothing. */
static void put_pong(daqstream *c) {
  if (waiting(&c->out) >= 2 * GATHER_BYTES) {
    return;
  }
  if (!put_frame(&c->out, PONG, 8)) {
    no_memory(c);
    return;
  }
  put(&c->out, c->pong, 8);
  c->pong_due = false;
}

static bool put_open(daqstream *c, struct stream *s) {
  size_t length = strlen(s->name);
  if (c->last_number == UINT32_MAX || !put_frame(&c->out, OPEN, 4 + 1 + 1 + 2 + length)) {
    return false;
  }
  s->number = ++c->last_number;
  put(&c->out, s->number, 4);
  put(&c->out, s->output ? 1 : 0, 1);
  put(&c->out, s->news ? 1 : 0, 1);
  put_text(&c->out, s->name);
  return true;
}

static bool put_close(daqstream *c, const struct stream *s, uint32_t flush_ms) {
  if (!put_frame(&c->out, CLOSE, 4 + 4)) {
    no_memory(c);
    return false;
  }
  put(&c->out, s->number, 4);
  put(&c->out, flush_ms, 4);
  return true;
}

/* ---- what the runtime says ---- */

static void on_welcome(daqstream *c, struct frame *f) {
  text name;
  uint64_t version = get(f, 2);
  get(f, 2);
  uint64_t longest = get(f, 4);
  get(f, 4);
  uint64_t silence_ms = get(f, 4);
  get_text(f, name);
  if (!complete(f) || version != VERSION || c->state != CLIENT_GREETING) {
    fault(c, "a wrong WELCOME", version);
    return;
  }
  c->state = CLIENT_UP;
  c->since_ms = now_ms();
  c->longest_message = longest < SIZE_MAX / 4 ? longest : SIZE_MAX / 4;
  c->silence_ms = (uint32_t)silence_ms;
  c->refusal = DAQSTREAM_OK;
}

static void on_refused(daqstream *c, struct frame *f) {
  text reason;
  uint64_t result = get(f, 1);
  get_text(f, reason);
  if (!complete(f) || result == DAQSTREAM_OK || result > DAQSTREAM_NOTSUP) {
    fault(c, "a wrong REFUSED", result);
    return;
  }
  c->refusal = (daqstream_result)result;
  set_error(c, "refused, %s: %s", daqstream_result_name(c->refusal), reason);
  disconnect(c);
}

static void send_asked_close(daqstream *c, struct stream *s) {
  if (put_close(c, s, s->close_flush)) {
    s->state = STREAM_CLOSING;
  }
}

static void open_refused(daqstream *c, struct stream *s, daqstream_result result,
                         const char *reason) {
  bool first = s->state == STREAM_OPENING;
  set_error(c, "stream '%s', %s: %s", s->name, daqstream_result_name(result), reason);
  s->number = 0;
  if (s->close_asked) {
    s->state = STREAM_CLOSED;
    s->result = DAQSTREAM_OK;
  } else if (first) {
    s->state = STREAM_REFUSED;
    s->result = result;
  } else {
    ended_for_now(c, s);
  }
}

static void on_opened(daqstream *c, struct frame *f) {
  text type;
  text reason;
  uint64_t number = get(f, 4);
  uint64_t result = get(f, 1);
  uint32_t port = (uint32_t)get(f, 4);
  uint32_t window_count = (uint32_t)get(f, 4);
  uint32_t window_bytes = (uint32_t)get(f, 4);
  uint64_t longest = get(f, 4);
  get_text(f, type);
  get_text(f, reason);
  struct stream *s = find_number(c, number);
  if (!complete(f) || result > DAQSTREAM_NOTSUP || s == NULL ||
      (s->state != STREAM_OPENING && s->state != STREAM_REOPENING) ||
      (result == DAQSTREAM_OK && port > 65535 && port != UINT32_MAX)) {
    fault(c, "a wrong OPENED", number);
    return;
  }
  if (result != DAQSTREAM_OK) {
    open_refused(c, s, (daqstream_result)result, reason);
    return;
  }
  char *copy = copy_text(type);
  if (copy == NULL) {
    no_memory(c);
    return;
  }
  free(s->type);
  s->type = copy;
  s->port = port == UINT32_MAX ? -1 : (int)port;
  s->window_count = window_count;
  s->window_bytes = window_bytes;
  s->longest = (uint32_t)least(least(longest, c->longest_message), UINT32_MAX - FRAME_SLACK);
  s->state = STREAM_OPEN;
  s->opened++;
  s->opened_ms = now_ms();
  s->ready = true;
  s->ready_next = c->listing;
  if (s->close_asked) {
    send_asked_close(c, s);
  }
}

/* TAKEN and the numbers of LOST. */
static bool off_the_way(struct stream *s, uint64_t count, uint64_t bytes) {
  if (s == NULL || !s->output || count > s->way_count || bytes > s->way_bytes ||
      s->state == STREAM_OPENING || s->state == STREAM_REOPENING) {
    return false;
  }
  s->way_count -= count;
  s->way_bytes -= bytes;
  return true;
}

static void on_taken(daqstream *c, struct frame *f) {
  uint64_t number = get(f, 4);
  uint64_t count = get(f, 4);
  uint64_t bytes = get(f, 8);
  struct stream *s = find_number(c, number);
  if (!complete(f) || !off_the_way(s, count, bytes)) {
    fault(c, "a wrong TAKEN", number);
    return;
  }
  s->messages += count;
  s->bytes += bytes;
}

static void on_lost(daqstream *c, struct frame *f) {
  text reason;
  uint64_t number = get(f, 4);
  uint64_t result = get(f, 1);
  uint64_t count = get(f, 4);
  uint64_t bytes = get(f, 8);
  get_text(f, reason);
  struct stream *s = find_number(c, number);
  if (!complete(f) || result == DAQSTREAM_OK || result > DAQSTREAM_NOTSUP ||
      !off_the_way(s, count, bytes)) {
    fault(c, "a wrong LOST", number);
    return;
  }
  s->lost.messages += count;
  s->lost.bytes += bytes;
  set_error(c, "stream '%s', %llu messages lost, %s: %s", s->name, (unsigned long long)count,
            daqstream_result_name((daqstream_result)result), reason);
}

static void on_closed(daqstream *c, struct frame *f) {
  uint64_t number = get(f, 4);
  uint64_t result = get(f, 1);
  uint64_t messages = get(f, 8);
  uint64_t bytes = get(f, 8);
  struct stream *s = find_number(c, number);
  if (!complete(f) || result > DAQSTREAM_NOTSUP || s == NULL ||
      (s->state != STREAM_CLOSING && s->state != STREAM_RETIRING)) {
    fault(c, "a wrong CLOSED", number);
    return;
  }
  s->lost.messages += messages;
  s->lost.bytes += bytes;
  s->way_count = s->way_bytes = 0;
  if (s->state == STREAM_RETIRING) {
    ended_for_now(c, s);
    return;
  }
  s->number = 0;
  s->state = STREAM_CLOSED;
  s->result = (daqstream_result)result;
}

/* Counts an event; false when the runtime may not send it. */
static bool on_the_way(daqstream *c, uint64_t bytes) {
  if (c->way_count >= c->window_count || c->way_bytes >= c->window_bytes) {
    fault(c, "more events than the window has", c->way_count);
    return false;
  }
  c->way_count++;
  c->way_bytes += bytes;
  return true;
}

/* False when it is no peer's. */
static bool map_peer(daqstream *c, uint64_t *peer) {
  if (*peer == 0 || *peer > (uint64_t)INT64_MAX - c->peer_base) {
    return false;
  }
  *peer += c->peer_base;
  if (*peer > c->peer_highest) {
    c->peer_highest = *peer;
  }
  return true;
}

/* Of a stream that the runtime may still send events of; those of a closed one are thrown away. */
static bool may_speak(const struct stream *s) {
  return s != NULL && (s->state == STREAM_OPEN || s->state == STREAM_CLOSING);
}

/* Takes DATA apart; the stream, or NULL when there is nothing to deliver. */
static struct stream *on_data(daqstream *c, struct frame *f, struct event *event) {
  uint64_t number = get(f, 4);
  event->peer = get(f, 8);
  event->length = f->left;
  event->connection = c->connection;
  event->type = DATA;
  event->counts = true;
  struct stream *s = find_number(c, number);
  if (f->wrong || !may_speak(s) || s->output || !map_peer(c, &event->peer)) {
    fault(c, "wrong DATA", number);
    return NULL;
  }
  if (event->length > c->longest_message) {
    fault(c, "a message that is too long", event->length);
    return NULL;
  }
  if (!on_the_way(c, event->length)) {
    return NULL;
  }
  if (s->state != STREAM_OPEN) {
    give_back(c, event);
    return NULL;
  }
  event->handle = s->handle;
  return s;
}

static void on_peer(daqstream *c, struct frame *f) {
  text words;
  bool up = f->type == PEER_UP;
  uint64_t number = get(f, 4);
  struct event event = {.connection = c->connection, .type = f->type, .counts = true};
  event.peer = get(f, 8);
  get_text(f, words);
  struct stream *s = find_number(c, number);
  if (!complete(f) || !may_speak(s) || !map_peer(c, &event.peer)) {
    fault(c, up ? "a wrong PEER_UP" : "a wrong PEER_DOWN", number);
    return;
  }
  if (!on_the_way(c, 0)) {
    return;
  }
  if (s->state != STREAM_OPEN || !s->news) {
    give_back(c, &event);
    return;
  }
  if (!up) {
    remove_peer(s, event.peer);
  } else if (!add_peer(s, event.peer)) {
    fault(c, "more peers than there is room for", s->peer_count);
    return;
  }
  event.handle = s->handle;
  event.length = strlen(words) + 1;
  if ((up ? s->listener.peer_up : s->listener.peer_down) == NULL) {
    give_back(c, &event);
  } else if (!queue(c, &event, words)) {
    no_memory(c);
  }
}

static void on_ended(daqstream *c, struct frame *f) {
  text cause;
  uint64_t number = get(f, 4);
  get_text(f, cause);
  struct stream *s = find_number(c, number);
  if (!complete(f) || !may_speak(s)) {
    fault(c, "a wrong ENDED", number);
    return;
  }
  if (!on_the_way(c, 0)) {
    return;
  }
  if (s->state == STREAM_CLOSING) {
    give_back(c, &(struct event){.connection = c->connection, .type = ENDED, .counts = true});
    return;
  }
  set_error(c, "stream '%s' has ended: %s", s->name, cause);
  tell_end(c, s, true, cause);
  s->state = STREAM_RETIRING;
  put_close(c, s, UINT32_MAX);
}

static void on_streams(daqstream *c, struct frame *f) {
  text name;
  text type;
  uint64_t more = get(f, 1);
  uint64_t count = get(f, 2);
  for (; count > 0 && !f->wrong; count--) {
    bool output = get(f, 1) == 1;
    bool ready = get(f, 1) == 1;
    get_text(f, name);
    get_text(f, type);
    for (size_t i = 0; i < c->stream_count && !f->wrong; i++) {
      struct stream *s = c->streams[i];
      if (ready && s->output == output && strcmp(s->name, name) == 0) {
        s->ready_next = true;
      }
    }
  }
  if (!complete(f)) {
    fault(c, "wrong STREAMS", count);
    return;
  }
  c->listing = more != 0;
  for (size_t i = 0; i < c->stream_count && !c->listing; i++) {
    c->streams[i]->ready = c->streams[i]->ready_next;
    c->streams[i]->ready_next = false;
  }
}

static void on_ping(daqstream *c, struct frame *f) {
  uint64_t value = get(f, 8);
  if (!complete(f)) {
    fault(c, "a wrong PING", value);
    return;
  }
  c->pong = value;
  c->pong_due = true;
  put_pong(c);
}

/* Any frame but DATA. */
static void on_frame(daqstream *c, struct frame *f) {
  if (f->type == REFUSED) {
    on_refused(c, f);
  } else if (f->type == WELCOME) {
    on_welcome(c, f);
  } else if (c->state != CLIENT_UP) {
    fault(c, "something else before WELCOME", f->type);
  } else if (f->type == OPENED) {
    on_opened(c, f);
  } else if (f->type == TAKEN) {
    on_taken(c, f);
  } else if (f->type == LOST) {
    on_lost(c, f);
  } else if (f->type == CLOSED) {
    on_closed(c, f);
  } else if (f->type == PEER_UP || f->type == PEER_DOWN) {
    on_peer(c, f);
  } else if (f->type == ENDED) {
    on_ended(c, f);
  } else if (f->type == STREAMS) {
    on_streams(c, f);
  } else if (f->type == PING) {
    on_ping(c, f);
  } else if (f->type == STOP && complete(f)) {
    atomic_store(&c->stop, 1);
  } else {
    fault(c, "a frame of a type that is not known", f->type);
  }
}

/* ---- receiving ---- */

/* Length of the frame that begins what is read, its head included; 0: not known yet. */
static uint64_t frame_size(const daqstream *c) {
  if (waiting(&c->rx) < HEAD) {
    return 0;
  }
  const uint8_t *at = c->rx.data + c->rx.head;
  return HEAD +
         ((uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24);
}

static bool has_frame(const daqstream *c) {
  uint64_t size = frame_size(c);
  return size > 0 && size <= waiting(&c->rx);
}

/* Takes the next frame that is there in full. */
static bool next_frame(daqstream *c, struct frame *f) {
  uint64_t size = frame_size(c);
  if (size == 0) {
    return false;
  }
  uint64_t longest = c->longest_message + FRAME_SLACK;
  if (size == HEAD || size - HEAD > longest) {
    fault(c, "a frame of a length that cannot be", size - HEAD);
    return false;
  }
  if (size > waiting(&c->rx)) {
    return false;
  }
  const uint8_t *at = c->rx.data + c->rx.head;
  f->type = at[HEAD];
  f->at = at + HEAD + 1;
  f->left = (size_t)size - HEAD - 1;
  f->wrong = false;
  c->rx.head += (size_t)size;
  return true;
}

/* Takes all that is there, to wait for the module. */
static void take_frames(daqstream *c) {
  struct frame f;
  while (c->state != CLIENT_WAITING && next_frame(c, &f)) {
    if (f.type != DATA || c->state != CLIENT_UP) {
      on_frame(c, &f);
      continue;
    }
    struct event event = {0};
    if (on_data(c, &f, &event) != NULL && !queue(c, &event, f.at)) {
      no_memory(c);
    }
  }
}

static bool move_rx(daqstream *c, size_t capacity) {
  struct bytes *rx = &c->rx;
  size_t used = waiting(rx);
  if (rx->data != NULL && rx->data == c->pinned) {
    uint8_t *data = malloc(capacity);
    if (data == NULL) {
      return false;
    }
    memcpy(data, rx->data + rx->head, used);
    *rx = (struct bytes){.data = data, .capacity = capacity, .tail = used};
    return true;
  }
  if (rx->head > 0) {
    memmove(rx->data, rx->data + rx->head, used);
    rx->head = 0;
    rx->tail = used;
  }
  if (capacity != rx->capacity) {
    uint8_t *data = realloc(rx->data, capacity);
    if (data == NULL) {
      return false;
    }
    rx->data = data;
    rx->capacity = capacity;
  }
  return true;
}

/* Room to read into. It grows with what has come, not with what a length promises. */
static bool room_to_read(daqstream *c) {
  struct bytes *rx = &c->rx;
  bool pinned = rx->data != NULL && rx->data == c->pinned;
  size_t used = waiting(rx);
  if (used == 0 && !pinned) {
    rx->head = rx->tail = 0;
  }
  if (rx->capacity == 0) {
    return move_rx(c, READ_BYTES);
  }
  size_t size = (size_t)frame_size(c);
  if (used == rx->capacity) {
    return move_rx(c, size / 2 < rx->capacity ? size : rx->capacity * 2);
  }
  if (rx->tail == rx->capacity || (rx->head >= rx->capacity / 2) ||
      (rx->head > 0 && size > rx->capacity - rx->head)) {
    return move_rx(c, rx->capacity);
  }
  return true;
}

static ptrdiff_t receive(daqstream *c, uint8_t *bytes, size_t length) {
  if (c->hooked) {
    ptrdiff_t n = c->hooks.read(c->hooks.context, bytes, length);
    return n > 0 && (size_t)n > length ? DAQSTREAM_FAILED : n;
  }
  ptrdiff_t n;
  do {
    n = recv(c->fd, bytes, length, 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    return errno == EAGAIN || errno == EWOULDBLOCK ? DAQSTREAM_WANT_READ : DAQSTREAM_FAILED;
  }
  return n;
}

/* Reads once; false when there is nothing, or the connection has ended. */
static bool fill(daqstream *c) {
  if (!room_to_read(c)) {
    no_memory(c);
    return false;
  }
  size_t length = c->rx.capacity - c->rx.tail;
  ptrdiff_t n = receive(c, c->rx.data + c->rx.tail, length);
  uint64_t now = now_us();
  c->read_us = now;
  if (n > 0) {
    c->rx.tail += (size_t)n;
    c->rx_want = DAQSTREAM_READABLE;
    c->rx_dry = !c->hooked && !c->tx_dead && (size_t)n < length;
    c->heard_ms = now / 1000U;
    return true;
  }
  if (n != DAQSTREAM_WANT_READ && n != DAQSTREAM_WANT_WRITE) {
    const char *cause = n == DAQSTREAM_ENDED ? "the runtime ended it" : "it broke";
    set_error(c, "connection: %s%s", cause, c->state == CLIENT_UP ? "" : " before WELCOME");
    disconnect(c);
    return false;
  }
  c->rx_dry = true;
  c->rx_want = n == DAQSTREAM_WANT_READ ? DAQSTREAM_READABLE : DAQSTREAM_WRITABLE;
  if (c->tx_dead) {
    set_error(c, "connection: cannot write any more");
    disconnect(c);
  } else if (c->silence_ms > 0 && now / 1000U - c->heard_ms > c->silence_ms * UINT64_C(3) / 2) {
    set_error(c, "connection: nothing came for %llu ms",
              (unsigned long long)(now / 1000U - c->heard_ms));
    disconnect(c);
  }
  return false;
}

/* ---- all that goes on by itself ---- */

static bool may_reopen(const daqstream *c, const struct stream *s) {
  return s->state == STREAM_ENDED && s->ready && !c->stay_ended && c->state == CLIENT_UP;
}

static void reopen(daqstream *c, uint64_t now) {
  for (size_t i = 0; i < c->stream_count; i++) {
    struct stream *s = c->streams[i];
    if (may_reopen(c, s) && now >= s->reopen_ms) {
      if (!put_open(c, s)) {
        no_memory(c);
        return;
      }
      s->state = STREAM_REOPENING;
    }
  }
}

static void put_answers(daqstream *c) {
  if (c->state == CLIENT_UP && c->pong_due) {
    put_pong(c);
  }
  bool half = c->done_count >= (c->window_count + 1) / 2 || c->done_bytes >= c->window_bytes / 2;
  if (c->state == CLIENT_UP && c->done_count > 0 && (half || (c->waiting == 0 && !has_frame(c)))) {
    put_credit(c);
  }
}

/* Whether events of before leave room for those of another connection. */
static bool may_connect(const daqstream *c) {
  return c->waiting < c->window_count;
}

static void drive(daqstream *c) {
  uint64_t now = now_us();
  if (c->state == CLIENT_WAITING && now / 1000U >= c->attempt_ms && may_connect(c)) {
    begin_connection(c);
  } else if (c->state == CLIENT_GREETING && now / 1000U - c->since_ms >= GREETING_MS) {
    set_error(c, "connection: no WELCOME within %d ms", GREETING_MS);
    disconnect(c);
  }
  if (c->state == CLIENT_UP) {
    reopen(c, now / 1000U);
  }
  put_answers(c);
  if (c->state != CLIENT_WAITING) {
    flush(c, now);
  }
}

/* Sends and reads, without waiting; events wait for the module. */
static void pump(daqstream *c) {
  drive(c);
  take_frames(c);
  for (int i = 0; i < READS_AT_ONCE && c->state != CLIENT_WAITING && fill(c); i++) {
    take_frames(c);
    if (c->rx_dry) {
      break;
    }
  }
  drive(c);
}

/* When something has to be done although nothing comes. */
static uint64_t next_timer(const daqstream *c) {
  if (c->state == CLIENT_WAITING) {
    return may_connect(c) ? c->attempt_ms : UINT64_MAX;
  }
  if (c->state == CLIENT_GREETING) {
    return c->since_ms + GREETING_MS;
  }
  uint64_t next = UINT64_MAX;
  if (c->silence_ms > 0) {
    next = c->heard_ms + c->silence_ms * UINT64_C(3) / 2 + 1;
  }
  for (size_t i = 0; i < c->stream_count; i++) {
    if (may_reopen(c, c->streams[i])) {
      next = least(next, c->streams[i]->reopen_ms);
    }
  }
  return next;
}

static int timeout_until(uint64_t when) {
  if (when == UINT64_MAX) {
    return -1;
  }
  uint64_t now = now_ms();
  uint64_t left = when > now ? when - now : 0;
  return left > INT_MAX ? INT_MAX : (int)left;
}

/* Until the descriptor can be used, a timer is due, or somebody asks to stop. */
static void wait_for_more(daqstream *c, uint64_t deadline) {
  bool now = c->fd >= 0 && !c->rx_dry;
  int timeout = now ? 0 : timeout_until(least(deadline, next_timer(c)));
  int wants = daqstream_wants(c);
  struct pollfd polled[2] = {{.fd = c->stop_pipe[0], .events = POLLIN}, {.fd = c->fd}};
  polled[1].events = (short)(((wants & DAQSTREAM_READABLE) != 0 ? POLLIN : 0) |
                             ((wants & DAQSTREAM_WRITABLE) != 0 ? POLLOUT : 0));
  if (poll(polled, c->fd >= 0 ? 2 : 1, timeout) > 0 && polled[0].revents != 0) {
    char woken[16];
    while (read(c->stop_pipe[0], woken, sizeof woken) > 0) {
    }
  }
}

static bool passed(uint64_t deadline) {
  return deadline != UINT64_MAX && now_ms() >= deadline;
}

/* ---- the calls ---- */

static bool copy_options(daqstream *c, const daqstream_options *o) {
  if (o->instance == NULL || strlen(o->instance) > LONGEST_TEXT ||
      (o->token != NULL && strlen(o->token) > LONGEST_TEXT)) {
    return false;
  }
  if (o->hooks != NULL) {
    c->hooked = true;
    c->hooks = *o->hooks;
  } else if (o->path == NULL || strlen(o->path) >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
    return false;
  } else if ((c->path = copy_text(o->path)) == NULL) {
    return false;
  }
  c->window_count = o->event_count == 0 ? DEFAULT_EVENTS : o->event_count;
  c->window_bytes = o->event_bytes == 0 ? DEFAULT_EVENT_BYTES : o->event_bytes;
  c->stay_ended = o->stay_ended;
  c->instance = copy_text(o->instance);
  c->token = o->token == NULL ? NULL : copy_text(o->token);
  return c->instance != NULL && (o->token == NULL || c->token != NULL);
}

daqstream *daqstream_new(const daqstream_options *options) {
  daqstream *c = calloc(1, sizeof *c);
  if (c == NULL) {
    return NULL;
  }
  c->fd = c->stop_pipe[0] = c->stop_pipe[1] = -1;
  c->last = &c->first;
  c->attempts = 1; /* the first is at once */
  c->random = now_us() ^ (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)c;
  c->random |= 1;
  atomic_init(&c->stop, 0);
  set_error(c, "not connected yet");
  if (!copy_options(c, options) || pipe(c->stop_pipe) != 0 || !set_flags(c->stop_pipe[0]) ||
      !set_flags(c->stop_pipe[1])) {
    daqstream_free(c, 0);
    return NULL;
  }
  return c;
}

static bool ends_the_wait(daqstream_result refusal) {
  return refusal == DAQSTREAM_DENIED || refusal == DAQSTREAM_INVAL || refusal == DAQSTREAM_NOTSUP ||
         refusal == DAQSTREAM_EXIST;
}

daqstream_result daqstream_connect(daqstream *c, int timeout_ms) {
  uint64_t deadline = deadline_of(timeout_ms);
  for (;;) {
    if (atomic_load(&c->stop) != 0) {
      return DAQSTREAM_SHOULDEXIT;
    }
    pump(c);
    if (c->state == CLIENT_UP) {
      return DAQSTREAM_OK;
    }
    if (ends_the_wait(c->refusal)) {
      daqstream_result refusal = c->refusal;
      c->refusal = DAQSTREAM_OK;
      return refusal;
    }
    if (passed(deadline)) {
      return DAQSTREAM_TIMEDOUT;
    }
    wait_for_more(c, deadline);
  }
}

bool daqstream_connected(const daqstream *c) {
  return c->state == CLIENT_UP;
}

const char *daqstream_last_error(const daqstream *c) {
  return c->error;
}

void daqstream_free(daqstream *c, int timeout_ms) {
  if (c == NULL) {
    return;
  }
  assert(!c->delivering);
  if (c->state == CLIENT_UP) {
    daqstream_flush(c, timeout_ms);
  }
  close_descriptor(c);
  for (size_t i = 0; i < c->stream_count; i++) {
    free_stream(c->streams[i]);
  }
  for (struct event *event = unqueue(c); event != NULL; event = unqueue(c)) {
    free(event);
  }
  for (int i = 0; i < 2; i++) {
    if (c->stop_pipe[i] >= 0) {
      close(c->stop_pipe[i]);
    }
  }
  free(c->streams);
  free(c->rx.data);
  free(c->out.data);
  free(c->path);
  free(c->instance);
  free(c->token);
  free(c);
}

static struct stream *new_stream(daqstream *c, const char *name, bool output,
                                 const daqstream_listener *listener) {
  struct stream *s = c->last_handle == INT_MAX ? NULL : calloc(1, sizeof *s);
  if (s == NULL || (s->name = copy_text(name)) == NULL || (s->type = copy_text("")) == NULL ||
      !add_stream(c, s)) {
    free_stream(s);
    return NULL;
  }
  s->handle = ++c->last_handle;
  s->state = STREAM_OPENING;
  s->output = output;
  s->port = -1;
  if (listener != NULL) {
    s->listener = *listener;
  }
  s->news = s->listener.peer_up != NULL || s->listener.peer_down != NULL;
  return s;
}

/* What can be told without asking. */
static daqstream_result check_open(daqstream *c, const char *name) {
  for (size_t i = 0; i < c->stream_count; i++) {
    const struct stream *s = c->streams[i];
    if (strcmp(s->name, name) == 0 && s->state != STREAM_REFUSED && s->state != STREAM_CLOSED) {
      set_error(c, "stream '%s' is open already", name);
      return DAQSTREAM_EXIST;
    }
  }
  pump(c);
  return c->state == CLIENT_UP ? DAQSTREAM_OK : DAQSTREAM_ERROR;
}

static daqstream_result open_stream(daqstream *c, const char *name, bool output,
                                    const daqstream_listener *listener, int timeout_ms,
                                    int *handle) {
  *handle = 0;
  if (name == NULL || strlen(name) > LONGEST_TEXT ||
      (!output && (listener == NULL || listener->data == NULL))) {
    set_error(c, "an open without a name or callback, or with a name that is too long");
    return DAQSTREAM_INVAL;
  }
  daqstream_result result = check_open(c, name);
  if (result != DAQSTREAM_OK) {
    return result;
  }
  struct stream *s = new_stream(c, name, output, listener);
  if (s == NULL || !put_open(c, s)) {
    if (s != NULL) {
      remove_stream(c, s);
    }
    set_error(c, "no memory for stream '%s'", name);
    return DAQSTREAM_NOMEM;
  }
  *handle = s->handle;
  result = daqstream_opened(c, s->handle, timeout_ms);
  if (result != DAQSTREAM_OK && result != DAQSTREAM_AGAIN) {
    *handle = 0;
  }
  return result;
}

daqstream_result daqstream_open_input(daqstream *c, const char *name,
                                      const daqstream_listener *listener, int timeout_ms,
                                      int *handle) {
  return open_stream(c, name, false, listener, timeout_ms, handle);
}

daqstream_result daqstream_open_output(daqstream *c, const char *name,
                                       const daqstream_listener *listener, int timeout_ms,
                                       int *handle) {
  return open_stream(c, name, true, listener, timeout_ms, handle);
}

daqstream_result daqstream_opened(daqstream *c, int handle, int timeout_ms) {
  uint64_t deadline = deadline_of(timeout_ms);
  struct stream *s = find(c, handle);
  if (s == NULL) {
    return DAQSTREAM_INVAL;
  }
  for (;;) {
    pump(c);
    if (s->state == STREAM_REFUSED) {
      daqstream_result result = s->result;
      remove_stream(c, s);
      return result;
    }
    if (s->state != STREAM_OPENING) {
      return DAQSTREAM_OK;
    }
    if (passed(deadline)) {
      return DAQSTREAM_AGAIN;
    }
    wait_for_more(c, deadline);
  }
}

static bool has_room(const struct stream *s, size_t length) {
  return s->way_count < s->window_count &&
         (s->way_bytes == 0 || s->way_bytes + length <= s->window_bytes);
}

/* What a write gives, without the window. */
static daqstream_result check_write(daqstream *c, int handle, size_t length,
                                    struct stream **found) {
  struct stream *s = c->used;
  if (s == NULL || s->handle != handle) {
    s = c->used = find(c, handle);
  }
  *found = s;
  if (s == NULL || !s->output || s->state == STREAM_CLOSING || s->state == STREAM_CLOSED) {
    return DAQSTREAM_INVAL;
  }
  if (s->state != STREAM_OPEN) {
    pump(c); /* who only writes comes back, too */
  }
  if (s->state != STREAM_OPEN) {
    s->rejected++;
    return DAQSTREAM_ERROR;
  }
  return length > s->longest ? DAQSTREAM_TOOBIG : DAQSTREAM_OK;
}

/* Sends from where it lies what the system takes, and copies the rest. */
static bool put_long(daqstream *c, const uint8_t *bytes, size_t length) {
  flush(c, now_us());
  size_t sent = 0;
  while (sent < length && waiting(&c->out) == 0 && !c->tx_blocked && !c->tx_dead) {
    sent += transmit(c, bytes + sent, length - sent);
  }
  if (c->tx_dead) {
    return true;
  }
  if (!reserve(&c->out, length - sent)) {
    no_memory(c); /* half a frame is of no use */
    return false;
  }
  put_bytes(&c->out, bytes + sent, length - sent);
  c->send_at = waiting(&c->out) + GATHER_BYTES;
  return true;
}

daqstream_result daqstream_write(daqstream *c, int handle, const void *bytes, size_t length) {
  struct stream *s;
  daqstream_result result = check_write(c, handle, length, &s);
  if (result != DAQSTREAM_OK) {
    return result;
  }
  if (!has_room(s, length)) {
    pump(c);
    if (s->state != STREAM_OPEN || !has_room(s, length)) {
      s->rejected++;
      return DAQSTREAM_ERROR;
    }
  }
  bool is_long = length >= GATHER_BYTES;
  if (!reserve(&c->out, WRITE_HEAD + (is_long ? 0 : length))) {
    return DAQSTREAM_NOMEM;
  }
  put(&c->out, length + 1 + 4, HEAD);
  put(&c->out, WRITE, 1);
  put(&c->out, s->number, 4);
  s->way_count++;
  s->way_bytes += length;
  if (is_long) {
    if (!put_long(c, bytes, length)) {
      return DAQSTREAM_NOMEM;
    }
  } else {
    put_bytes(&c->out, bytes, length);
  }
  if (flush_when_due(c) || c->tx_dead) {
    pump(c);
  }
  return DAQSTREAM_OK;
}

daqstream_result daqstream_await_room(daqstream *c, int handle, size_t length, int timeout_ms) {
  uint64_t deadline = deadline_of(timeout_ms);
  for (;;) {
    struct stream *s;
    daqstream_result result = check_write(c, handle, length, &s);
    if (result != DAQSTREAM_OK) {
      return result;
    }
    if (has_room(s, length)) {
      return DAQSTREAM_OK;
    }
    pump(c);
    if (s->state == STREAM_OPEN && !has_room(s, length)) {
      if (passed(deadline)) {
        return DAQSTREAM_TIMEDOUT;
      }
      wait_for_more(c, deadline);
    }
  }
}

daqstream_result daqstream_flush(daqstream *c, int timeout_ms) {
  uint64_t deadline = deadline_of(timeout_ms);
  for (;;) {
    pump(c);
    if (c->state != CLIENT_UP) {
      return DAQSTREAM_ERROR;
    }
    if (waiting(&c->out) == 0) {
      return DAQSTREAM_OK;
    }
    if (passed(deadline)) {
      return DAQSTREAM_TIMEDOUT;
    }
    wait_for_more(c, deadline);
  }
}

static void ask_close(daqstream *c, struct stream *s, uint32_t flush_ms) {
  switch (s->state) {
    case STREAM_OPENING:
    case STREAM_REOPENING:
      s->close_asked = true;
      s->close_flush = flush_ms;
      break;
    case STREAM_OPEN:
      if (put_close(c, s, flush_ms)) {
        s->state = STREAM_CLOSING;
      }
      break;
    case STREAM_RETIRING:
      s->state = STREAM_CLOSING;
      break;
    case STREAM_REFUSED:
    case STREAM_ENDED:
      s->state = STREAM_CLOSED;
      s->result = DAQSTREAM_OK;
      break;
    case STREAM_CLOSING:
    case STREAM_CLOSED:
      break;
  }
}

daqstream_result daqstream_close(daqstream *c, int handle, int flush_ms, int timeout_ms,
                                 daqstream_lost *lost) {
  uint64_t deadline = deadline_of(timeout_ms);
  struct stream *s = find(c, handle);
  if (lost != NULL) {
    *lost = (daqstream_lost){0};
  }
  if (s == NULL) {
    return DAQSTREAM_INVAL;
  }
  ask_close(c, s, flush_ms < 0 ? UINT32_MAX : (uint32_t)flush_ms);
  purge(c, handle);
  for (;;) {
    pump(c);
    if (s->state == STREAM_ENDED) { /* no memory for CLOSE ended the connection */
      ask_close(c, s, 0);
    }
    if (s->state == STREAM_CLOSED) {
      break;
    }
    if (passed(deadline)) {
      return DAQSTREAM_AGAIN;
    }
    wait_for_more(c, deadline);
  }
  daqstream_result result = s->result;
  if (lost != NULL) {
    *lost = s->lost;
  }
  remove_stream(c, s);
  purge(c, handle);
  return result;
}

/* Runs the callback, which may close the stream. */
static daqstream_result deliver(daqstream *c, struct stream *s, const struct event *event,
                                const uint8_t *bytes) {
  daqstream_listener l = s->listener;
  int failed = 0;
  c->delivering = true;
  if (event->type == DATA) {
    s->messages++;
    s->bytes += event->length;
    failed = l.data(l.context, event->handle, event->peer, bytes, event->length);
  } else if (event->type == PEER_UP) {
    failed = l.peer_up(l.context, event->handle, event->peer, (const char *)bytes);
  } else if (event->type == PEER_DOWN) {
    failed = l.peer_down(l.context, event->handle, event->peer, (const char *)bytes);
  } else {
    failed = l.ended(l.context, event->handle, (const char *)bytes);
  }
  c->delivering = false;
  give_back(c, event);
  return failed == 0 ? DAQSTREAM_OK : DAQSTREAM_FAULT;
}

/* Runs the callback on what lies in the block that was read, which stays until then. */
static daqstream_result deliver_read(daqstream *c, struct stream *s, const struct event *event,
                                     const uint8_t *bytes) {
  c->pinned = c->rx.data;
  daqstream_result result = deliver(c, s, event, bytes);
  if (c->pinned != c->rx.data) {
    free(c->pinned);
  }
  c->pinned = NULL;
  return result;
}

/* The next event that is here already. */
static bool process_one(daqstream *c, daqstream_result *result) {
  for (;;) {
    for (struct event *event = unqueue(c); event != NULL; event = unqueue(c)) {
      struct stream *s = find(c, event->handle);
      if (s != NULL) {
        *result = deliver(c, s, event, event->bytes);
        free(event);
        return true;
      }
      give_back(c, event);
      free(event);
    }
    struct frame f;
    if (c->state == CLIENT_WAITING || !next_frame(c, &f)) {
      if (c->first == NULL) {
        return false;
      }
    } else if (f.type != DATA || c->state != CLIENT_UP) {
      on_frame(c, &f);
    } else {
      struct event event = {0};
      struct stream *s = on_data(c, &f, &event);
      if (s != NULL) {
        *result = deliver_read(c, s, &event, f.at);
        return true;
      }
    }
  }
}

/* What an event has left to be sent goes when no other one waits, or when it is time. */
static void settle(daqstream *c) {
  put_answers(c);
  if (waiting(&c->out) > 0) {
    if (c->waiting == 0 && !has_frame(c)) {
      flush(c, now_us());
    } else {
      flush_when_due(c);
    }
  }
}

daqstream_result daqstream_process_event(daqstream *c, int timeout_ms) {
  if (c->delivering) {
    return DAQSTREAM_AGAIN;
  }
  uint64_t deadline = 0;
  for (int reads = 0;; reads++) {
    daqstream_result result;
    if (process_one(c, &result)) {
      settle(c);
      return result;
    }
    drive(c);
    if (atomic_load(&c->stop) != 0 && c->first == NULL) {
      return DAQSTREAM_SHOULDEXIT;
    }
    if (reads == 0) {
      deadline = deadline_of(timeout_ms);
    }
    if (c->state != CLIENT_WAITING && fill(c)) {
      if (reads < READS_AT_ONCE || !passed(deadline)) {
        continue;
      }
    }
    if (c->first == NULL) {
      if (passed(deadline)) {
        return DAQSTREAM_TIMEDOUT;
      }
      wait_for_more(c, deadline);
    }
  }
}

void daqstream_request_stop(daqstream *c) {
  int before = errno;
  atomic_store(&c->stop, 1);
  ssize_t ignored = write(c->stop_pipe[1], "", 1); /* full: it will wake all the same */
  (void)ignored;
  errno = before;
}

int daqstream_fd(const daqstream *c) {
  return c->fd;
}

int daqstream_wants(const daqstream *c) {
  return c->fd < 0 ? 0 : c->rx_want | (waiting(&c->out) > 0 ? c->tx_want : 0);
}

int daqstream_wait_ms(const daqstream *c) {
  bool now = c->first != NULL || has_frame(c) || (c->fd >= 0 && !c->rx_dry) ||
             (waiting(&c->out) > 0 && !c->tx_blocked) || c->stop != 0;
  return now ? 0 : timeout_until(next_timer(c));
}

bool daqstream_get_info(const daqstream *c, int handle, daqstream_info *info) {
  const struct stream *s = find(c, handle);
  if (s == NULL) {
    return false;
  }
  *info = (daqstream_info){.name = s->name,
                           .type = s->type,
                           .output = s->output,
                           .open = s->state == STREAM_OPEN,
                           .port = s->port,
                           .longest = s->longest,
                           .peers = (uint32_t)s->peer_count,
                           .messages = s->messages,
                           .bytes = s->bytes,
                           .under_way = s->way_count,
                           .rejected = s->rejected,
                           .opened = s->opened,
                           .lost = s->lost};
  return true;
}

int daqstream_next(const daqstream *c, int after) {
  for (size_t i = 0; i < c->stream_count; i++) {
    if (c->streams[i]->handle > after) {
      return c->streams[i]->handle;
    }
  }
  return 0;
}

const char *daqstream_result_name(daqstream_result result) {
  static const char names[][24] = {
      "OK",    "SHOULDEXIT",           "TIMEDOUT", "ERROR", "INVAL",  "NOMEM", "TOOBIG",
      "AGAIN", "AGENT_PROTOCOL_ERROR", "EXIST",    "FAULT", "DENIED", "NOTSUP"};
  return (unsigned)result < sizeof names / sizeof *names ? names[result] : "UNKNOWN";
}
