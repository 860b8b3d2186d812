/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The streams that a manifest gives to a module instance, for a module in a process of its own.
 *
 * Threads: a client is used by one thread at a time, also for what only asks; different clients
 * have nothing in common. daqstream_request_stop alone may be called from any thread and from
 * signal handlers. Callbacks run only inside daqstream_process_event, on its thread; they may call
 * everything but daqstream_free.
 *
 * Waiting: a call waits only if it takes timeout_ms, and no longer than that: 0 not at all, -1
 * for ever. While it waits it reads what the runtime sends, so that other streams go on.
 *
 * Memory: windows and longest messages bound it, whatever the runtime sends; and 65536 peers of a
 * stream.
 *
 * The connection: when it ends the client connects again, and opens again whatever is open. There
 * is no thread for that: it happens inside the calls. A module that does not wait inside one polls
 * daqstream_fd and calls daqstream_process_event. It does not connect again while a whole window of
 * events of before waits to be processed.
 */

#ifndef DAQSTREAM_H
#define DAQSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Outcome of a call, with the numbers of EVP_RESULT. */
typedef enum daqstream_result {
  DAQSTREAM_OK = 0,         /**< done; for a write: under way */
  DAQSTREAM_SHOULDEXIT = 1, /**< asked to stop, and no event is left: leave the event loop */
  DAQSTREAM_TIMEDOUT = 2,   /**< nothing in time; at close: messages left at the flush deadline */
  DAQSTREAM_ERROR = 3,      /**< no room, the stream has ended, no connection, or it failed */
  DAQSTREAM_INVAL = 4,      /**< unknown handle or name, or the wrong direction */
  DAQSTREAM_NOMEM = 5,      /**< no memory, here or there */
  DAQSTREAM_TOOBIG = 6,     /**< the message is longer than the stream ever takes */
  DAQSTREAM_AGAIN = 7,      /**< not answered yet: ask again; of an event: inside a callback */
  DAQSTREAM_AGENT_PROTOCOL_ERROR = 8, /**< never */
  DAQSTREAM_EXIST = 9,                /**< the name is open, or the instance has a connection */
  DAQSTREAM_FAULT = 10,               /**< the callback failed; the event is done */
  DAQSTREAM_DENIED = 11,              /**< user, token or instance */
  DAQSTREAM_NOTSUP = 12               /**< no transport for the stream's type is there now */
} daqstream_result;

/** One module instance's connection and streams. */
typedef struct daqstream daqstream;

/** What a hook for reading or writing gives when it moved no byte. */
enum {
  DAQSTREAM_ENDED = 0,       /**< reading: the other side ended */
  DAQSTREAM_FAILED = -1,     /**< the connection is of no use any more */
  DAQSTREAM_WANT_READ = -2,  /**< try again when the descriptor can be read */
  DAQSTREAM_WANT_WRITE = -3, /**< try again when it can be written */
};

/**
 * Another way to the runtime than a Unix domain socket, such as TLS over TCP. No hook may wait;
 * a handshake that is not over makes read and write want. After a want, write may be called again
 * with the same bytes at another place, and more of them.
 */
typedef struct daqstream_hooks {
  void *context; /**< first argument of each hook */
  /** Begins a connection; gives its descriptor, to be polled, or -1. */
  int (*open)(void *context);
  /** Gives the bytes read, at most length, or one of the numbers above. */
  ptrdiff_t (*read)(void *context, void *bytes, size_t length);
  /** Gives the bytes written, at least 1, at most length, or one of the numbers above. */
  ptrdiff_t (*write)(void *context, const void *bytes, size_t length);
  /** Ends what open began; it is called once for each descriptor. */
  void (*close)(void *context);
} daqstream_hooks;

/** How to connect. What is 0 or NULL has a default. All texts are copied, hooks too. */
typedef struct daqstream_options {
  const char *path;     /**< of the runtime's socket; not asked for with hooks */
  const char *instance; /**< as in the manifest; always needed */
  const char *token;    /**< none by default */
  uint32_t event_count; /**< window for events, by default 1024 */
  uint32_t event_bytes; /**< the same in bytes, by default 1 MiB */
  bool stay_ended;      /**< an ended stream is not opened again; the connection still is */
  const daqstream_hooks *hooks;
} daqstream_options;

/**
 * What happens to a stream. Each may be NULL, but for data of an input. They give 0, or something
 * else when they failed: FAULT. Bytes and texts are valid during the call only. Whether the borders
 * of data mean anything is the stream type's matter: for posix they do not. A peer's number is
 * never used again.
 */
typedef struct daqstream_listener {
  void *context; /**< first argument of each callback */
  int (*data)(void *context, int handle, uint64_t peer, const void *bytes, size_t length);
  int (*peer_up)(void *context, int handle, uint64_t peer, const char *address);
  int (*peer_down)(void *context, int handle, uint64_t peer, const char *cause);
  /**
   * The stream is over, but not by the module. Unless stay_ended is set it comes back under the
   * same handle when it can; until then writes give ERROR.
   */
  int (*ended)(void *context, int handle, const char *cause);
} daqstream_listener;

/** What is known to be lost of an output, from its opening to its close. */
typedef struct daqstream_lost {
  uint64_t messages;
  uint64_t bytes;
} daqstream_lost;

/** A stream as it stands now. */
typedef struct daqstream_info {
  const char *name; /**< valid until the stream is closed */
  const char *type; /**< the same, and until it is opened again */
  bool output;
  bool open;           /**< false while it is ended, or not opened yet */
  int port;            /**< TCP port of an input, -1: none */
  uint32_t longest;    /**< longest message of an output */
  uint32_t peers;      /**< up now, if the listener hears of peers */
  uint64_t messages;   /**< taken by the runtime, or data events done */
  uint64_t bytes;      /**< of those */
  uint64_t under_way;  /**< messages written and not taken yet */
  uint64_t rejected;   /**< writes that found no room */
  uint64_t opened;     /**< how often it was opened */
  daqstream_lost lost; /**< of an output, until now */
} daqstream_info;

/** Makes a client, without connecting. NULL: no memory, no instance, no way, or a text too long. */
daqstream *daqstream_new(const daqstream_options *options);

/**
 * Connects for the first time, or waits until the client has connected again by itself. OK;
 * TIMEDOUT: not yet, it goes on trying inside the other calls; SHOULDEXIT: asked to stop; DENIED,
 * INVAL, NOTSUP, EXIST: the runtime refused, it goes on trying all the same.
 */
daqstream_result daqstream_connect(daqstream *client, int timeout_ms);

/** True while the runtime is there. */
bool daqstream_connected(const daqstream *client);

/**
 * Ends the connection, after what is gathered has been sent or the time is over. The runtime
 * closes what was open, with its own flush deadline; who wants to know what was lost closes the
 * streams before. NULL does nothing. Not from a callback.
 */
void daqstream_free(daqstream *client, int timeout_ms);

/** Why the last thing went wrong, in words: a refusal, a failed open, the connection's end. Never
 * NULL, valid until the next call. */
const char *daqstream_last_error(const daqstream *client);

/**
 * Opens an input or output. The handle is positive, counts up in the client and is never used
 * again. OK; AGAIN: not answered within the time, the handle is there and daqstream_opened asks
 * again; EXIST: the name is open; ERROR: no connection, or the transport failed; INVAL: unknown
 * name, not of this direction, refused parameters, no callback for data; NOTSUP: no transport for
 * the type is there; NOMEM. The listener is copied; NULL for an output: nobody listens.
 */
daqstream_result daqstream_open_input(daqstream *client, const char *name,
                                      const daqstream_listener *listener, int timeout_ms,
                                      int *handle);
daqstream_result daqstream_open_output(daqstream *client, const char *name,
                                       const daqstream_listener *listener, int timeout_ms,
                                       int *handle);

/** Whether an open that gave AGAIN is done: the same results. When refused the handle is gone. */
daqstream_result daqstream_opened(daqstream *client, int handle, int timeout_ms);

/**
 * Writes a message; the bytes are copied. OK: it is under way; ERROR: there is no room now, the
 * stream has ended, or there is no connection; INVAL: unknown handle or an input; TOOBIG; NOMEM.
 *
 * It is sent at once if nothing was sent in the last 200 microseconds. Otherwise it is gathered,
 * and sent by the first of: 32 KiB are there; a write, or an event done, 200 microseconds after
 * what was sent last; daqstream_flush; daqstream_process_event when no event waits, and all other
 * calls that can wait. So who writes several messages and then does something else for a while
 * flushes in between.
 */
daqstream_result daqstream_write(daqstream *client, int handle, const void *bytes, size_t length);

/** Waits until a message of this length has room. OK; TIMEDOUT; otherwise as daqstream_write. */
daqstream_result daqstream_await_room(daqstream *client, int handle, size_t length, int timeout_ms);

/** Hands what is gathered to the system. OK; TIMEDOUT: some is left; ERROR: no connection. */
daqstream_result daqstream_flush(daqstream *client, int timeout_ms);

/** For flush_ms: the runtime's own deadline. */
#define DAQSTREAM_DEFAULT_FLUSH (-1)

/**
 * Closes a stream. No callback of it starts any more. The runtime goes on sending what an output
 * has written for flush_ms and then tells what was lost; the call waits for that, at most
 * timeout_ms. OK; TIMEDOUT: the deadline passed with messages left; ERROR: the transport failed to
 * close, or the connection ended meanwhile; AGAIN: not answered within timeout_ms, and the handle
 * is still there: close it again; INVAL: unknown handle. But for AGAIN the handle is gone and the
 * name free. Lost may be NULL.
 */
daqstream_result daqstream_close(daqstream *client, int handle, int flush_ms, int timeout_ms,
                                 daqstream_lost *lost);

/**
 * Waits for one event and runs its callback. OK: one event is done; TIMEDOUT; SHOULDEXIT: asked to
 * stop, and what came before is done; FAULT: the callback failed; AGAIN: called from a callback.
 */
daqstream_result daqstream_process_event(daqstream *client, int timeout_ms);

/**
 * Asks the module to leave its event loop, and wakes it if it waits in daqstream_process_event or
 * daqstream_connect. From any thread, and from a signal handler, until daqstream_free.
 */
void daqstream_request_stop(daqstream *client);

/** The descriptor to poll; another one after each connection, and -1 while there is none. */
int daqstream_fd(const daqstream *client);

/** What to poll it for: DAQSTREAM_READABLE, DAQSTREAM_WRITABLE or both. */
enum { DAQSTREAM_READABLE = 1, DAQSTREAM_WRITABLE = 2 };
int daqstream_wants(const daqstream *client);

/** How long to poll it at most, until daqstream_process_event has something to do; -1: for ever. */
int daqstream_wait_ms(const daqstream *client);

/** Tells of a stream; false for an unknown handle. */
bool daqstream_get_info(const daqstream *client, int handle, daqstream_info *info);

/** The next open stream after this handle, 0 to begin with; 0 when there is none. */
int daqstream_next(const daqstream *client, int after);

/** The name of a result, such as "TIMEDOUT". */
const char *daqstream_result_name(daqstream_result result);

#ifdef __cplusplus
}
#endif

#endif
