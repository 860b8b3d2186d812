/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a message; names are compressed. */
final class DnsWriter {
  /** The most that a packet of mDNS may have. */
  static final int PACKET_BYTES = 9_000;

  private static final int FLAGS_RESPONSE = 0x8400;
  private static final int CLASS_INTERNET = 1;
  private static final int TOP_BIT = 0x8000;
  private static final int POINTER_LIMIT = 0x4000;

  private final ByteBuffer bytes;
  private final Map<DnsName, Integer> written = new HashMap<>();

  private DnsWriter(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Writes to the buffer's position and behind.
   *
   * @throws java.nio.BufferOverflowException when the message is longer than the buffer
   */
  static void write(DnsMessage message, ByteBuffer target) {
    new DnsWriter(target).message(message);
  }

  /** Writes what a record says, without the record around it. */
  static void writeData(DnsRecord.Data data, ByteBuffer target) {
    new DnsWriter(target).put(data);
  }

  private void message(DnsMessage message) {
    put(message.id());
    put(message.response() ? FLAGS_RESPONSE : 0);
    put(message.questions().size());
    put(message.answers().size());
    put(message.authorities().size());
    put(message.additionals().size());
    for (DnsMessage.Question question : message.questions()) {
      put(question.name());
      put(question.type());
      put(CLASS_INTERNET | (question.unicast() ? TOP_BIT : 0));
    }
    put(message.answers());
    put(message.authorities());
    put(message.additionals());
  }

  private void put(List<DnsRecord> records) {
    for (DnsRecord item : records) {
      put(item.name());
      put(item.type());
      put(CLASS_INTERNET | (item.unique() ? TOP_BIT : 0));
      bytes.putInt((int) item.ttlSeconds());
      int lengthAt = bytes.position();
      put(0);
      put(item.data());
      bytes.putShort(lengthAt, (short) (bytes.position() - lengthAt - Short.BYTES));
    }
  }

  private void put(DnsRecord.Data data) {
    if (data instanceof DnsRecord.Pointer pointer) {
      put(pointer.target());
    } else if (data instanceof DnsRecord.Location location) {
      bytes.putInt(0); // priority and weight
      put(location.port());
      put(location.host());
    } else if (data instanceof DnsRecord.Text text) {
      put(text);
    } else if (data instanceof DnsRecord.Address address) {
      bytes.put(address.address().getAddress());
    }
  }

  private void put(DnsRecord.Text text) {
    for (String string : text.strings()) {
      putString(string);
    }
    if (text.strings().isEmpty()) {
      putString("");
    }
  }

  private void put(DnsName name) {
    DnsName rest = name;
    while (!rest.labels().isEmpty()) {
      Integer at = written.get(rest);
      if (at != null) {
        put(0xC000 | at);
        return;
      }
      if (bytes.position() < POINTER_LIMIT) {
        written.put(rest, bytes.position());
      }
      putString(rest.first());
      rest = rest.parent();
    }
    bytes.put((byte) 0);
  }

  private void putString(String string) {
    byte[] encoded = string.getBytes(UTF_8);
    bytes.put((byte) encoded.length);
    bytes.put(encoded);
  }

  private void put(int unsignedShort) {
    bytes.putShort((short) unsignedShort);
  }
}
