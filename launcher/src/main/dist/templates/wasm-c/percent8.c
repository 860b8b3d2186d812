/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data type, named after its file: sources write numbers, clients get a byte for each, from 0 to
 * 100.
 */
#include "daqstream_module.h"

static double room[2 * 4096];

int32_t daqstream_init(void) { return DAQSTREAM_OK; }

void *daqstream_buffer(uint32_t bytes) { return bytes <= sizeof room ? room : 0; }

const char *daqstream_encoded_type(void) { return "uint8"; }

int32_t daqstream_encode(const double *samples, uint32_t count, void *target) {
  uint8_t *encoded = target;
  for (uint32_t i = 0; i < count; i++) {
    double percent = samples[i];
    encoded[i] = percent > 100 ? 100 : percent > 0 ? (uint8_t)(percent + 0.5) : 0;
  }
  return DAQSTREAM_OK;
}
