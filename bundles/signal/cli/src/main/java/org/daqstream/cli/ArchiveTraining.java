/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.ProtocolException;

/**
 * Loads what the commands load, for the class-data archive that the script has Java make of it, so
 * that later calls begin sooner.
 */
public final class ArchiveTraining {
  private ArchiveTraining() {}

  /** Does no harm: it tries to connect to a port of this machine where nobody is. */
  public static void main(String[] args) throws IOException, ProtocolException {
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      // Those of recordings, with the library below them, would make all other commands slower.
      if (each.contains("org.daqstream.") && !each.contains("org.daqstream.recording.")) {
        load(each);
      }
    }
    byte[] packet = MetadataCodec.packet(0, new Available(List.of("a/b")).toMetadata());
    ByteBuffer payload = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
    MetadataCodec.decode(payload.position(PacketHeader.SHORT_BYTES), Limits.DEFAULT);
    call("list", "--json", "ws://127.0.0.1:9");
    call("list", "--help");
    System.exit(0);
  }

  private static void load(String file) throws IOException {
    try (JarFile jar = new JarFile(file)) {
      for (String name : (Iterable<String>) jar.stream().map(entry -> entry.getName())::iterator) {
        if (name.startsWith("org/daqstream/") && name.endsWith(".class")) {
          try {
            Class.forName(name.replace('/', '.').substring(0, name.length() - 6));
          } catch (ClassNotFoundException | LinkageError e) {
            // annotations that are there for the build only
          }
        }
      }
    }
  }

  private static void call(String... args) {
    ByteArrayOutputStream nowhere = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(nowhere, false, StandardCharsets.UTF_8);
    Daqstream.run(new StandardStreams(nowhere, err, false, false), new Interruption(), args);
  }
}
