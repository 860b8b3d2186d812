#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     DatagramSocket of the JDK that runs this (seen with OpenJDK 17.0.15 on Linux): one thread
#           waits in receive(), another closes the socket and at once binds the same port again; 200
#           times, and 200 times more with the receiving thread joined in between.
# Expected: close() returns when the port is free.
# Happens:  it returns while the receiving thread still holds the descriptor: most binds say "Address
#           already in use". After the join none does.
# For us:   a transport's close waits for its receiving thread, which the contract of transports asks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Seen.java" <<'JAVA'
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

class Seen {
  static int taken(boolean joined) throws Exception {
    int taken = 0;
    for (int i = 0; i < 200; i++) {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      int port = socket.getLocalPort();
      Thread receiver =
          new Thread(
              () -> {
                try {
                  socket.receive(new DatagramPacket(new byte[9], 9));
                } catch (IOException e) {
                  // closed
                }
              });
      receiver.start();
      Thread.sleep(5);
      socket.close();
      if (joined) {
        receiver.join();
      }
      try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
        receiver.join();
      } catch (BindException e) {
        taken++;
        receiver.join();
      }
    }
    return taken;
  }

  public static void main(String[] args) throws Exception {
    int atOnce = taken(false);
    int joined = taken(true);
    System.out.printf(
        "Java %s: of 200 ports %d are taken after close, %d after close and join%n",
        System.getProperty("java.version"), atOnce, joined);
    System.exit(atOnce > 10 && joined == 0 ? 0 : 1);
  }
}
JAVA
java "$folder/Seen.java"
