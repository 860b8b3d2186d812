/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.daqstream.server.api.HttpPage;

/** A file of the page, as the build made it; immutable. */
final class ViewerFile implements HttpPage {
  private static final String FOLDER = "/viewer/";

  /** The page has no script but its own files, and asks nobody but the server it came from. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self';"
          + " img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final String contentType;
  private final byte[] body;
  private final byte[] gzippedBody;
  private final Map<String, String> headers;

  private ViewerFile(
      String contentType, byte[] body, byte[] gzippedBody, Map<String, String> headers) {
    this.contentType = contentType;
    this.body = body;
    this.gzippedBody = gzippedBody;
    this.headers = headers;
  }

  @Override
  public String contentType() {
    return contentType;
  }

  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public byte[] gzippedBody() {
    return gzippedBody;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  /** All files by the path at which they are served. */
  static Map<String, ViewerFile> all() {
    Map<String, ViewerFile> files = new TreeMap<>();
    try {
      Properties list = new Properties();
      list.load(new InputStreamReader(open("files.properties"), StandardCharsets.UTF_8));
      for (String path : list.stringPropertyNames()) {
        String[] nameAndType = list.getProperty(path).split(" \\| ", 2);
        files.put(path, read(path, nameAndType[0], nameAndType[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the files of the viewer are not in its bundle", e);
    }
    return files;
  }

  private static ViewerFile read(String path, String name, String type) throws IOException {
    // The name of any other file changes with what is in it.
    String caching = path.equals("/") ? "no-cache" : "public, max-age=31536000, immutable";
    return new ViewerFile(
        type,
        bytes(name),
        bytes(name + ".gz"),
        Map.of(
            "Cache-Control",
            caching,
            "Content-Security-Policy",
            CONTENT_POLICY,
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff"));
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream file = open(name)) {
      return file.readAllBytes();
    }
  }

  private static InputStream open(String name) throws FileNotFoundException {
    InputStream file = ViewerFile.class.getResourceAsStream(FOLDER + name);
    if (file == null) {
      throw new FileNotFoundException(FOLDER + name);
    }
    return file;
  }
}
