/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys, defaults and meanings; the values are checked by {@link PublishSettings}. */
@ObjectClassDefinition(
    name = "daqstream signals to NATS",
    description = "Sends signals of this runtime to a server of NATS, once for all who want them.")
@interface PublishConfig {
  @AttributeDefinition(
      description = "Servers, as nats://host:port or tls://host:port, with commas between")
  String[] url() default {"nats://127.0.0.1:4222"};

  @AttributeDefinition(description = "In front of all subjects; its levels have dots between")
  String subject() default "daqstream";

  @AttributeDefinition(
      description =
          "Ids of the signals to send: * is any text without a slash, ** any text, ? one character")
  String[] signals() default {"**"};

  @AttributeDefinition(
      description =
          "Whether signals that this runtime itself has imported are sent on, which takes another"
              + " 'subject' or server than they came from")
  boolean onward() default false;

  @AttributeDefinition(
      description =
          "Whether a stream of JetStream keeps what was sent for a while, so that importers fill"
              + " holes from there; everything is sent then, wanted or not")
  boolean jetstream() default false;

  @AttributeDefinition(
      description = "How long the stream keeps messages, if it is made here",
      min = "1",
      max = "31536000")
  int keepS() default 600;

  @AttributeDefinition(
      description = "How much the stream keeps, if it is made here",
      min = "1048576",
      max = "1099511627776")
  long keepBytes() default 1L << 30;

  @AttributeDefinition(
      description = "On how many servers stream and descriptions are kept, if they are made here",
      min = "1",
      max = "5")
  int replicas() default 1;

  @AttributeDefinition(
      description = "How long a block may wait for others of its signal to travel along",
      min = "0",
      max = "1000")
  int delayMs() default 2;

  @AttributeDefinition(
      description =
          "Up to how many bytes blocks travel together in one message; a longer block goes alone,"
              + " and is only cut where the server does not take it whole",
      min = "1024",
      max = "67108864")
  int messageBytes() default 65_536;

  @AttributeDefinition(
      description = "Memory for blocks that have not gone; with 'jetstream' as much again",
      min = "65536",
      max = "1073741824")
  int memoryBytes() default 16_777_216;

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
