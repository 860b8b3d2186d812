/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.daqstream.protocol.Upgrade;

/**
 * Where the token comes from by which a client logs in. It is sent as {@code Authorization: Bearer}
 * with the upgrade and with commands by HTTP, to the host of the client's address and nobody else:
 * a client follows no redirect. Asked for each connection, so it may change.
 */
@FunctionalInterface
public interface TokenSource {
  /** Nobody in particular. */
  TokenSource NONE = () -> "";

  /**
   * The token; empty for none. On a thread that may block.
   *
   * @throws IOException when it cannot be had, with the reason, and nothing secret in it
   */
  String token() throws IOException;

  /**
   * {@return always the same}
   *
   * @param token a secret
   * @throws IllegalArgumentException when it cannot be sent; without it in the message
   */
  static TokenSource of(String token) {
    Upgrade.authorization(token);
    return () -> token;
  }

  /**
   * {@return the one line of a file, read for each connection}
   *
   * @param file readable by those only who may log in
   */
  static TokenSource ofFile(Path file) {
    return () -> {
      try {
        String token = Files.readString(file).strip();
        if (token.isEmpty()) {
          throw new IOException("token file '" + file + "' is empty");
        }
        Upgrade.authorization(token);
        return token;
      } catch (NoSuchFileException e) {
        throw new IOException("token file '" + file + "': no such file", e);
      } catch (IllegalArgumentException e) {
        throw new IOException("token file '" + file + "': " + e.getMessage(), e);
      }
    };
  }
}
