/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A filter: of what comes in "in", each n-th message goes to "out"; the first argument is n.
 */
#include "daqstream_module.h"

static int32_t out;
static uint32_t each = 1;
static uint32_t seen;
static uint8_t room[1 << 16];

int32_t daqstream_init(void) {
  char number[10];
  int32_t digits = daqstream_argument(0, number, sizeof number);
  if (digits > 0 && digits <= (int32_t)sizeof number) {
    each = 0;
    for (int32_t i = 0; i < digits; i++) {
      each = each * 10 + (uint32_t)(number[i] - '0');
    }
  }
  if (each == 0) {
    return DAQSTREAM_INVAL;
  }
  int32_t in = daqstream_open_input("in", 2);
  if (in < 0) {
    return -in;
  }
  out = daqstream_open_output("out", 3);
  return out < 0 ? -out : DAQSTREAM_OK;
}

void *daqstream_buffer(uint32_t bytes) { return bytes <= sizeof room ? room : 0; }

void daqstream_data(int32_t stream, uint64_t peer, const uint8_t *data, uint32_t length) {
  (void)stream;
  (void)peer;
  if (seen++ % each == 0 && daqstream_write(out, data, length) != DAQSTREAM_OK) {
    daqstream_log(DAQSTREAM_WARNING, "a message is lost", 17);
  }
}
