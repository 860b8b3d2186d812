/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys, defaults and meanings; the values are checked by {@link ImportSettings}. */
@ObjectClassDefinition(
    name = "daqstream signals from NATS",
    description = "Publishes signals here that other runtimes send to a server of NATS.")
@interface ImportConfig {
  @AttributeDefinition(
      description = "Servers, as nats://host:port or tls://host:port, with commas between")
  String[] url() default {"nats://127.0.0.1:4222"};

  @AttributeDefinition(description = "In front of all subjects; its levels have dots between")
  String subject() default "daqstream";

  @AttributeDefinition(
      description =
          "Ids of the signals that are wanted: * is any text without a slash, ** any text, ? one"
              + " character")
  String[] signals() default {"**"};

  @AttributeDefinition(description = "In front of the ids of the signals here")
  String prefix() default "";

  @AttributeDefinition(description = "Most signals that are published", min = "1", max = "1000000")
  int maxSignals() default 100_000;

  @AttributeDefinition(
      description = "After how much silence of a publisher its signals are withdrawn",
      min = "3000",
      max = "600000")
  int publisherTimeoutMs() default 10_000;

  @AttributeDefinition(
      description =
          "How much of the time before it was wanted a signal begins with, where a stream keeps"
              + " that; 0 for none",
      min = "0",
      max = "86400000")
  int historyMs() default 0;

  @AttributeDefinition(
      description =
          "How long samples that were lost on the way are looked for in the stream, if there is"
              + " one, while those behind them wait",
      min = "0",
      max = "600000")
  int fillMs() default 10_000;

  @AttributeDefinition(
      description = "Memory for blocks that wait for others, or have not been taken yet",
      min = "65536",
      max = "4294967296")
  long holdBytes() default 67_108_864;

  @AttributeDefinition(description = "File with a user's credentials, as nsc makes it (.creds)")
  String credentials() default "";

  @AttributeDefinition(description = "User to log in as; or give 'credentials' or 'token'")
  String user() default "";

  @AttributeDefinition(
      description = "Password of 'user', as $[secret:NAME] or $[env:NAME]",
      type = AttributeType.PASSWORD)
  String password() default "";

  @AttributeDefinition(
      description = "Token to log in with, as $[secret:NAME] or $[env:NAME]",
      type = AttributeType.PASSWORD)
  String token() default "";

  @AttributeDefinition(
      description = "PEM file of certificates that vouch for the server; without it those of Java")
  String tls_ca() default "";

  @AttributeDefinition(description = "PEM file of the certificate to show to the server")
  String tls_certificate() default "";

  @AttributeDefinition(description = "PEM file of its key, without a password")
  String tls_key() default "";
}
