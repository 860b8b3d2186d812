/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Keys, defaults and meanings; the values are checked by {@link Settings}. */
@ObjectClassDefinition(
    name = "daqstream gateway",
    description = "Publishes the signals of a streaming device as if they were of this runtime.")
@interface GatewayConfig {
  @AttributeDefinition(
      description = "Where the device is, as daq.lt://host:port; or leave it to 'device'")
  String address() default "";

  @AttributeDefinition(
      description =
          "Name, serial number or instance by which discovery finds the device; or give"
              + " 'address'")
  String device() default "";

  @AttributeDefinition(
      description = "Token to log in with at 'address', as $[secret:NAME] or $[env:NAME]",
      type = AttributeType.PASSWORD)
  String token() default "";

  @AttributeDefinition(
      description =
          "In front of the ids of the device's signals; unless set, the configuration's name and"
              + " a slash")
  String prefix() default "";

  @AttributeDefinition(
      description =
          "Ids of the signals that are wanted: * is any text without a slash, ** any text, ? one"
              + " character")
  String[] signals() default {"**"};

  @AttributeDefinition(
      description =
          "Ids of the signals of this runtime that the device is offered, if it takes any, as for"
              + " 'signals'; none if empty")
  String[] publish() default {};

  @AttributeDefinition(
      description =
          "What a device that can do both does when this side is too slow: disconnect it, or go"
              + " on behind a gap",
      options = {
        @Option(label = "Disconnect", value = "disconnect"),
        @Option(label = "Gap", value = "gap")
      })
  String contract() default "disconnect";

  @AttributeDefinition(description = "Most signals that are published", min = "1", max = "200000")
  int maxSignals() default 100_000;

  @AttributeDefinition(
      description = "How long connecting and greeting may take",
      min = "100",
      max = "600000")
  int connectTimeoutMs() default 10_000;

  @AttributeDefinition(
      description = "How long the device may take for a command",
      min = "100",
      max = "600000")
  int commandTimeoutMs() default 10_000;

  @AttributeDefinition(
      description = "After how much silence the device is pinged",
      min = "100",
      max = "600000")
  int pingIntervalMs() default 10_000;

  @AttributeDefinition(
      description = "Pause before the first attempt to connect again",
      min = "10",
      max = "3600000")
  int reconnectMinMs() default 200;

  @AttributeDefinition(
      description = "Longest pause between two attempts; not below 'reconnectMinMs'",
      min = "10",
      max = "3600000")
  int reconnectMaxMs() default 10_000;

  @AttributeDefinition(
      description =
          "PEM file of certificates that vouch for the device, for an address with TLS; without"
              + " it those that Java trusts")
  String tls_ca() default "";

  @AttributeDefinition(
      description =
          "Keys of which the device must have one, as sha256/ and the Base64 of the hash of the"
              + " public key; without 'tls.ca' that is enough, whatever its name")
  String[] tls_pins() default {};

  @AttributeDefinition(
      description = "PEM file of the certificate to show to the device, if it asks for one")
  String tls_certificate() default "";

  @AttributeDefinition(description = "PEM file of its key, without a password")
  String tls_key() default "";
}
