/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a module in WebAssembly may call, and what it may have called. Nothing else is needed, no
 * library either; build with
 *
 *   clang --target=wasm32 -mbulk-memory -O2 -nostdlib -Wl,--no-entry -Wl,--stack-first \
 *     -o filter.wasm filter.c
 *
 * All calls are within one event of the module, and one event comes after the other. Texts have a
 * length, and no zero behind them. A pointer that is wrong ends the module, and it starts again.
 */
#ifndef DAQSTREAM_MODULE_H
#define DAQSTREAM_MODULE_H

#include <stdint.h>

#define DAQSTREAM_IMPORT(name) \
  __attribute__((import_module("daqstream"), import_name(#name))) extern
#define DAQSTREAM_EXPORT(name) __attribute__((export_name(#name)))

/* Results, with the numbers of EVP. */
enum {
  DAQSTREAM_OK = 0,
  DAQSTREAM_SHOULDEXIT = 1,
  DAQSTREAM_TIMEDOUT = 2,
  DAQSTREAM_ERROR = 3,
  DAQSTREAM_INVAL = 4,
  DAQSTREAM_NOMEM = 5,
  DAQSTREAM_TOOBIG = 6,
  DAQSTREAM_AGAIN = 7,
  DAQSTREAM_AGENT_PROTOCOL_ERROR = 8,
  DAQSTREAM_EXIST = 9,
  DAQSTREAM_FAULT = 10,
  DAQSTREAM_DENIED = 11,
  DAQSTREAM_NOTSUP = 12
};

enum { DAQSTREAM_DEBUG = 0, DAQSTREAM_INFO = 1, DAQSTREAM_WARNING = 2, DAQSTREAM_SEVERE = 3 };

/* Opens a stream that the manifest gives the instance: a handle above 0, or a result below it. */
DAQSTREAM_IMPORT(open_input) int32_t daqstream_open_input(const char *name, uint32_t length);
DAQSTREAM_IMPORT(open_output) int32_t daqstream_open_output(const char *name, uint32_t length);

/* Queues a message, which is copied: OK, ERROR (full or ended), INVAL, TOOBIG, NOMEM. */
DAQSTREAM_IMPORT(write) int32_t daqstream_write(int32_t stream, const void *data, uint32_t length);

/* Closes a stream; an output goes on sending for so long. The name is free again. */
DAQSTREAM_IMPORT(close) int32_t daqstream_close(int32_t stream, int32_t flush_ms);

/* Arguments of the configuration: as much as there is room for; gives the length of all of it, or
   INVAL below zero. */
DAQSTREAM_IMPORT(argument_count) int32_t daqstream_argument_count(void);
DAQSTREAM_IMPORT(argument)
int32_t daqstream_argument(int32_t index, char *text, uint32_t capacity);

/* Nanoseconds: since 1970, and of a clock that never goes back. */
DAQSTREAM_IMPORT(clock_wall) int64_t daqstream_clock_wall(void);
DAQSTREAM_IMPORT(clock_monotonic) int64_t daqstream_clock_monotonic(void);

/* A line in the log of the runtime; there may only be so many in a minute. */
DAQSTREAM_IMPORT(log) void daqstream_log(int32_t level, const char *line, uint32_t length);

/* Has daqstream_timer called once, after so many milliseconds; 0: not any more. */
DAQSTREAM_IMPORT(timer) void daqstream_timer_after(int32_t ms);

/*
 * What the module has, as far as it needs it. Only the first is a must; whoever takes data must
 * have the second, too.
 */

/* The start: opens streams. Anything but OK ends the module, and it starts again after a while. */
DAQSTREAM_EXPORT(daqstream_init) int32_t daqstream_init(void);

/* Room for so many bytes, which the host fills before the next calls; 0: there is none, and the
   message is lost. The same room may be given again; the host asks only when it needs more. */
DAQSTREAM_EXPORT(daqstream_buffer) void *daqstream_buffer(uint32_t bytes);

/* A message, or what was read at once; peers are never 0, and no two have one number. */
DAQSTREAM_EXPORT(daqstream_data)
void daqstream_data(int32_t stream, uint64_t peer, const uint8_t *data, uint32_t length);

/* A peer has come, from an address, or has gone, for a cause. */
DAQSTREAM_EXPORT(daqstream_peer_up)
void daqstream_peer_up(int32_t stream, uint64_t peer, const char *address, uint32_t length);
DAQSTREAM_EXPORT(daqstream_peer_down)
void daqstream_peer_down(int32_t stream, uint64_t peer, const char *cause, uint32_t length);

/* The stream is over, but not by the module: close it, and open it again if it is still wanted. A
   module without this function is ended then, and starts again. */
DAQSTREAM_EXPORT(daqstream_ended)
void daqstream_ended(int32_t stream, const char *cause, uint32_t length);

/* The time has come. */
DAQSTREAM_EXPORT(daqstream_timer) void daqstream_timer(void);

/* The module ends, or newer code takes its streams over: the last chance to write. */
DAQSTREAM_EXPORT(daqstream_stop) void daqstream_stop(void);

/*
 * What a file has that is a data type of signals, in place of a module with streams. It is named
 * after the file. Each signal has a copy of its own, with its own memory, which has no streams and
 * no timer, and runs on the thread of whoever writes the signal: it must not take long.
 */

/* The type of numbers that the samples become, as clients know it: uint8, int16, real32, … */
DAQSTREAM_EXPORT(daqstream_encoded_type) const char *daqstream_encoded_type(void);

/* Puts samples, at most 4096, encoded one behind the other; both places are in the room that
   daqstream_buffer has given. Anything but OK is a block that clients do not get. */
DAQSTREAM_EXPORT(daqstream_encode)
int32_t daqstream_encode(const double *samples, uint32_t count, void *target);

#endif
