/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * example_tls HOST PORT CA INSTANCE STREAM: writes each line of the standard input to an output, by
 * TLS with OpenSSL. CA is a PEM file with what vouches for the runtime; the token is in the
 * environment, DAQSTREAM_TOKEN, where other users do not see it.
 */

#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daqstream.h"

enum { SOON_MS = 5000 };

struct tls {
  SSL_CTX *context;
  SSL *ssl;
  int fd;
  const char *host;
  struct addrinfo *address; /* found before: a hook must not wait for a name */
};

static bool tls_begin(struct tls *t) {
  t->ssl = SSL_new(t->context);
  if (t->ssl == NULL || SSL_set_fd(t->ssl, t->fd) != 1) {
    return false;
  }
  X509_VERIFY_PARAM *wanted = SSL_get0_param(t->ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, t->host) != 1) { /* no address, then a name */
    SSL_set1_host(t->ssl, t->host);
    SSL_set_tlsext_host_name(t->ssl, t->host);
  }
  SSL_set_connect_state(t->ssl);
  return true;
}

static void tls_close(void *context) {
  struct tls *t = context;
  if (t->ssl != NULL) {
    SSL_shutdown(t->ssl);
  }
  SSL_free(t->ssl);
  t->ssl = NULL;
  close(t->fd);
}

static int tls_open(void *context) {
  struct tls *t = context;
  t->fd = socket(t->address->ai_family, SOCK_STREAM, 0);
  if (t->fd < 0) {
    return -1;
  }
  fcntl(t->fd, F_SETFL, O_NONBLOCK);
  connect(t->fd, t->address->ai_addr, t->address->ai_addrlen); /* goes on by itself */
  if (!tls_begin(t)) {
    tls_close(t);
    return -1;
  }
  return t->fd;
}

/* What a call of OpenSSL that moved nothing means to the library. */
static ptrdiff_t tls_wants(struct tls *t, int moved) {
  switch (SSL_get_error(t->ssl, moved)) {
    case SSL_ERROR_WANT_READ:
      return DAQSTREAM_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
      return DAQSTREAM_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
      return DAQSTREAM_ENDED;
    default:
      ERR_print_errors_fp(stderr);
      return DAQSTREAM_FAILED;
  }
}

static bool tls_is_connected(struct tls *t) {
  struct pollfd polled = {.fd = t->fd, .events = POLLOUT};
  return SSL_in_init(t->ssl) == 0 || poll(&polled, 1, 0) == 1;
}

static ptrdiff_t tls_read(void *context, void *bytes, size_t length) {
  struct tls *t = context;
  size_t n = 0;
  if (!tls_is_connected(t)) {
    return DAQSTREAM_WANT_WRITE;
  }
  ERR_clear_error();
  int result = SSL_read_ex(t->ssl, bytes, length, &n);
  return result == 1 ? (ptrdiff_t)n : tls_wants(t, result);
}

static ptrdiff_t tls_write(void *context, const void *bytes, size_t length) {
  struct tls *t = context;
  size_t n = 0;
  if (!tls_is_connected(t)) {
    return DAQSTREAM_WANT_WRITE;
  }
  ERR_clear_error();
  int result = SSL_write_ex(t->ssl, bytes, length, &n);
  ptrdiff_t moved = result == 1 ? (ptrdiff_t)n : tls_wants(t, result);
  return moved == DAQSTREAM_ENDED ? DAQSTREAM_FAILED : moved;
}

static bool tls_prepare(struct tls *t, const char *host, const char *port, const char *ca) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  t->host = host;
  t->context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
  /* The library may write the same bytes from another place, and more of them. */
  SSL_CTX_set_mode(t->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return SSL_CTX_load_verify_locations(t->context, ca, NULL) == 1 &&
         getaddrinfo(host, port, &hints, &t->address) == 0;
}

static daqstream_result write_lines(daqstream *client, const char *name) {
  char line[4096];
  int handle;
  daqstream_result result = daqstream_connect(client, SOON_MS);
  if (result == DAQSTREAM_OK) {
    result = daqstream_open_output(client, name, NULL, SOON_MS, &handle);
  }
  if (result != DAQSTREAM_OK) {
    return result;
  }
  while (result == DAQSTREAM_OK && fgets(line, sizeof line, stdin) != NULL) {
    result = daqstream_await_room(client, handle, strlen(line), SOON_MS);
    if (result == DAQSTREAM_OK) {
      result = daqstream_write(client, handle, line, strlen(line));
    }
  }
  daqstream_result closed = daqstream_close(client, handle, SOON_MS, -1, NULL);
  return result == DAQSTREAM_OK ? closed : result;
}

int main(int count, char **words) {
  struct tls t = {0};
  daqstream_hooks hooks = {&t, tls_open, tls_read, tls_write, tls_close};
  if (count != 6) {
    fprintf(stderr, "usage: %s HOST PORT CA INSTANCE STREAM\n", words[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
  if (!tls_prepare(&t, words[1], words[2], words[3])) {
    fprintf(stderr, "%s: not found, or %s is no PEM file\n", words[1], words[3]);
    return 1;
  }
  daqstream *client = daqstream_new(&(daqstream_options){
      .token = getenv("DAQSTREAM_TOKEN"), .instance = words[4], .hooks = &hooks});
  daqstream_result result = client == NULL ? DAQSTREAM_INVAL : write_lines(client, words[5]);
  if (result != DAQSTREAM_OK) {
    fprintf(stderr, "%s: %s\n", daqstream_result_name(result),
            client == NULL ? "a word is too long" : daqstream_last_error(client));
  }
  daqstream_free(client, 0);
  freeaddrinfo(t.address);
  SSL_CTX_free(t.context);
  return result == DAQSTREAM_OK ? 0 : 1;
}
