/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a message of any sender; the work is bounded by the bytes of the packet. */
record DnsReader(ByteBuffer bytes) {
  private static final int NAME_BYTES = 255;

  /** As many as labels fit into a name; more only cost time. */
  private static final int POINTERS_IN_NAME = 127;

  private static final int OPCODE_AND_RESULT = 0x780F;
  private static final int CLASS_INTERNET = 1;
  private static final int CLASS_ANY = 255;
  private static final int TOP_BIT = 0x8000;

  /**
   * Reads the bytes from position to limit.
   *
   * @throws ProtocolException when they are not a message of mDNS
   */
  static DnsMessage read(ByteBuffer packet) throws ProtocolException {
    try {
      return new DnsReader(packet.slice()).message();
    } catch (BufferUnderflowException e) {
      throw new ProtocolException("ends too early");
    }
  }

  private DnsMessage message() throws ProtocolException {
    int id = unsignedShort();
    int flags = unsignedShort();
    if ((flags & OPCODE_AND_RESULT) != 0) {
      throw new ProtocolException("operation or result code");
    }
    int questions = unsignedShort();
    int answers = unsignedShort();
    int authorities = unsignedShort();
    int additionals = unsignedShort();
    return new DnsMessage(
        id,
        (flags & TOP_BIT) != 0,
        questions(questions),
        records(answers),
        records(authorities),
        records(additionals));
  }

  private List<DnsMessage.Question> questions(int count) throws ProtocolException {
    List<DnsMessage.Question> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DnsName name = name();
      int type = unsignedShort();
      int classAndBit = unsignedShort();
      if (isInternet(classAndBit)) {
        questions.add(new DnsMessage.Question(name, type, (classAndBit & TOP_BIT) != 0));
      }
    }
    return questions;
  }

  private List<DnsRecord> records(int count) throws ProtocolException {
    List<DnsRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DnsName name = name();
      int type = unsignedShort();
      int classAndBit = unsignedShort();
      long ttlSeconds = bytes.getInt() & 0xFFFF_FFFFL;
      int length = unsignedShort();
      if (length > bytes.remaining()) {
        throw new ProtocolException("record is longer than the packet");
      }
      int end = bytes.position() + length;
      DnsRecord.Data data = isInternet(classAndBit) ? data(type, end) : null;
      if (data != null) {
        records.add(new DnsRecord(name, (classAndBit & TOP_BIT) != 0, ttlSeconds, data));
      }
      bytes.position(end);
    }
    return records;
  }

  private static boolean isInternet(int classAndBit) {
    int dnsClass = classAndBit & ~TOP_BIT;
    return dnsClass == CLASS_INTERNET || dnsClass == CLASS_ANY;
  }

  /** Null for a type that nobody here needs. */
  private DnsRecord.Data data(int type, int end) throws ProtocolException {
    return switch (type) {
      case DnsRecord.TYPE_PTR -> new DnsRecord.Pointer(name());
      case DnsRecord.TYPE_SRV -> {
        bytes.getInt(); // priority and weight
        int port = unsignedShort();
        yield new DnsRecord.Location(port, name());
      }
      case DnsRecord.TYPE_TXT -> new DnsRecord.Text(strings(end));
      case DnsRecord.TYPE_A -> address(4, end);
      case DnsRecord.TYPE_AAAA -> address(16, end);
      default -> null;
    };
  }

  private List<String> strings(int end) throws ProtocolException {
    List<String> strings = new ArrayList<>();
    while (bytes.position() < end) {
      int length = bytes.get() & 0xFF;
      if (length > end - bytes.position()) {
        throw new ProtocolException("text is longer than its record");
      }
      if (length > 0) {
        strings.add(text(length));
      }
    }
    return strings;
  }

  private DnsRecord.Data address(int length, int end) throws ProtocolException {
    if (end - bytes.position() != length) {
      throw new ProtocolException("address of another length");
    }
    byte[] address = new byte[length];
    bytes.get(address);
    try {
      return new DnsRecord.Address(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new ProtocolException(e.getMessage());
    }
  }

  /** Follows pointers only to the front of where the name or the last pointer began: no circles. */
  private DnsName name() throws ProtocolException {
    List<String> labels = new ArrayList<>();
    int resume = -1;
    int before = bytes.position();
    int total = 1;
    int pointers = 0;
    while (true) {
      int length = bytes.get() & 0xFF;
      if (length == 0) {
        break;
      }
      if (length >= 0xC0) {
        int target = ((length & 0x3F) << 8) | (bytes.get() & 0xFF);
        if (target >= before || ++pointers > POINTERS_IN_NAME) {
          throw new ProtocolException("pointer to the back, or too many");
        }
        resume = resume < 0 ? bytes.position() : resume;
        before = target;
        bytes.position(target);
        continue;
      }
      total += length + 1;
      if (length > DnsName.LABEL_BYTES || total > NAME_BYTES) {
        throw new ProtocolException("name is too long");
      }
      labels.add(text(length));
    }
    if (resume >= 0) {
      bytes.position(resume);
    }
    return new DnsName(labels);
  }

  private String text(int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, UTF_8);
  }

  private int unsignedShort() {
    return bytes.getShort() & 0xFFFF;
  }
}
