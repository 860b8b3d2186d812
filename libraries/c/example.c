/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/* example SOCKET INSTANCE: sends back on "answers" what comes on "orders", until asked to stop. */

#include <stdio.h>

#include "daqstream.h"

struct echo {
  daqstream *client;
  int answers;
};

static int on_order(void *context, int handle, uint64_t peer, const void *bytes, size_t length) {
  struct echo *echo = context;
  (void)handle, (void)peer;
  return daqstream_write(echo->client, echo->answers, bytes, length) == DAQSTREAM_OK ? 0 : 1;
}

int main(int count, char **words) {
  daqstream_options options = {.path = words[1], .instance = count == 3 ? words[2] : NULL};
  struct echo echo = {.client = daqstream_new(&options)};
  daqstream_listener orders = {.context = &echo, .data = on_order};
  int handle;
  if (echo.client == NULL || daqstream_connect(echo.client, 5000) != DAQSTREAM_OK ||
      daqstream_open_output(echo.client, "answers", NULL, 5000, &echo.answers) != DAQSTREAM_OK ||
      daqstream_open_input(echo.client, "orders", &orders, 5000, &handle) != DAQSTREAM_OK) {
    const char *usage = "usage: example SOCKET INSTANCE";
    fprintf(stderr, "%s\n", echo.client == NULL ? usage : daqstream_last_error(echo.client));
    daqstream_free(echo.client, 0);
    return 1;
  }
  while (daqstream_process_event(echo.client, -1) != DAQSTREAM_SHOULDEXIT) {
  }
  daqstream_free(echo.client, 1000);
  return 0;
}
