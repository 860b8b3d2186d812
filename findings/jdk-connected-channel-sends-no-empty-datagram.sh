#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     DatagramChannel of the JDK that runs this (seen with OpenJDK 17.0.15 on Linux), an empty
#           buffer sent to a socket on the loopback: unconnected, connected by send, and by write.
# Expected: each is a datagram of no bytes, as UDP has them; or an error.
# Happens:  the unconnected one arrives. Once connected, send and write return 0, which is what a
#           whole empty datagram would give, and nothing is sent.
# For us:   our template of a transport over UDP sends its empty messages unconnected.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Seen.java" <<'JAVA'
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

class Seen {
  static DatagramSocket in;

  static String arrived() throws Exception {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[9], 9);
      in.receive(packet);
      return packet.getLength() + " B";
    } catch (SocketTimeoutException e) {
      return "nothing";
    }
  }

  public static void main(String[] args) throws Exception {
    in = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    in.setSoTimeout(1000);
    SocketAddress to = in.getLocalSocketAddress();
    DatagramChannel out = DatagramChannel.open();
    String seen = "unconnected send " + out.send(ByteBuffer.allocate(0), to) + ": " + arrived();
    out.connect(to);
    seen += ", connected send " + out.send(ByteBuffer.allocate(0), to) + ": " + arrived();
    seen += ", connected write " + out.write(ByteBuffer.allocate(0)) + ": " + arrived();
    seen += ", one byte " + out.write(ByteBuffer.allocate(1)) + ": " + arrived();
    System.out.println("Java " + System.getProperty("java.version") + ": " + seen);
    System.exit(
        seen.equals(
                "unconnected send 0: 0 B, connected send 0: nothing, connected write 0: nothing,"
                    + " one byte 1: 1 B")
            ? 0
            : 1);
  }
}
JAVA
java "$folder/Seen.java"
