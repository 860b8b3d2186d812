/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.net.InetAddress;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A page on the HTTP side of every streaming server, answered to {@code GET}; register it as a
 * service with the property {@link #PATH}. The server's rules for origins hold for it too.
 *
 * <p>Called on a thread of the server's pool that may block, for several requests at once. What it
 * throws is answered with status 500 and logged.
 */
@ConsumerType
public interface HttpPage {
  /**
   * Service property, {@code String}: absolute path, {@code /metrics} say. Of several pages with
   * the same path the one with the highest service ranking answers.
   */
  String PATH = "daqstream.http.path";

  /**
   * Service property, {@code String}: what kind of page it is, {@code metrics} say. Where people
   * log in it is for those whose role names the kind; without a kind for all who are let in.
   *
   * @since 1.2
   */
  String KIND = "daqstream.http.kind";

  /**
   * Why the page is not for somebody.
   *
   * @param reader where the request comes from
   * @return the reason, for the answer and the log; {@code null} if the page is for him
   */
  default String refusal(InetAddress reader) {
    return null;
  }

  /** Media type of the body, with the character set where that matters. */
  String contentType();

  /** The page as of now. */
  byte[] body();

  /**
   * The status of an answer with this body; 503 of a health check that fails, say.
   *
   * @param body as {@link #body} gave it
   * @since 1.2
   */
  default int status(byte[] body) {
    return 200;
  }

  /**
   * The same, compressed by gzip beforehand, for readers that accept it.
   *
   * @return {@code null} if everybody is to get {@link #body}
   * @since 1.2
   */
  default byte[] gzippedBody() {
    return null;
  }

  /**
   * Whether all of it is at hand, so that the server need not set a thread aside for whoever asks:
   * a few pages only are made at the same time, and who asks for one more is told to come later.
   *
   * @since 1.2
   */
  default boolean isReady() {
    return false;
  }

  /**
   * Further fields of the answer, such as {@code Cache-Control}; none by default.
   *
   * @since 1.2
   */
  default Map<String, String> headers() {
    return Map.of();
  }
}
