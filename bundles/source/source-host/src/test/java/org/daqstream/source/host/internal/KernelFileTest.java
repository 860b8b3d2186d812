/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class KernelFileTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path path;

  private KernelFile file(String text) throws IOException {
    path = folder.newFile().toPath();
    Files.writeString(path, text);
    KernelFile file = new KernelFile(path);
    file.read();
    return file;
  }

  @Test
  public void partsTokensByBlanksTabsAndColons() throws IOException {
    KernelFile file = file("  eth0:12\t-3 4.25\n\nlast 18446744073709551615");
    assertTrue(file.nextLine());
    assertTrue(file.nextToken());
    assertEquals("eth0", file.token());
    assertEquals(12, file.nextLong());
    assertEquals(-3, file.nextLong());
    assertEquals(4.25, file.nextDecimal(), 0);
    assertFalse(file.nextToken());
    assertTrue("empty line", file.nextLine());
    assertFalse(file.nextToken());
    assertTrue("line without end", file.nextLine());
    file.skipTokens(1);
    assertEquals("last", file.token());
    assertEquals("unsigned 64 bit wraps", -1, file.nextLong());
    assertFalse(file.nextLine());
  }

  @Test
  public void readsAgainFromTheStart() throws IOException {
    KernelFile file = file("1\n");
    Files.writeString(path, "22 ".repeat(10_000) + "\n333");
    file.read();
    assertTrue(file.nextLine());
    for (int i = 0; i < 10_000; i++) {
      assertEquals(22, file.nextLong());
    }
    assertTrue(file.nextLine());
    assertEquals(333, file.nextLong());
  }

  @Test
  public void namesFileAndTokenWhenANumberIsMissing() throws IOException {
    KernelFile file = file("12x\n-\n");
    file.nextLine();
    IOException e = assertThrows(IOException.class, file::nextLong);
    assertEquals(path + ": expected a number, found '12x'", e.getMessage());
    assertThrows("end of line", IOException.class, file::nextDecimal);
    file.nextLine();
    assertThrows("only a sign", IOException.class, file::nextLong);
  }

  @Test
  public void anyTextEndsInANumberOrAnError() throws IOException {
    Random random = new Random(1);
    String alphabet = "0123456789 .:-\n\tcpuMem";
    int numbers = 0;
    int errors = 0;
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(200); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      KernelFile file = file(text.toString());
      while (file.nextLine()) {
        try {
          file.nextLong();
          file.nextDecimal();
          numbers++;
        } catch (IOException e) {
          errors++;
        }
      }
    }
    assertTrue(numbers + " numbers, " + errors + " errors", numbers > 0 && errors > 0);
  }
}
