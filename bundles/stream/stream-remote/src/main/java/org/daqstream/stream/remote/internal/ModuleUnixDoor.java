/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.BindException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.socket.support.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Unix domain socket, in a folder of the runtime's user. */
final class ModuleUnixDoor extends ModuleDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleUnixDoor.class);

  /** Of the JDK, which not every runtime exports. */
  private static final String PEER_CREDENTIALS = "SO_PEERCRED";

  private final Path file;
  private final boolean isForOthers;
  private UserPrincipal owner; // of the socket, the runtime's user; null: the system does not tell

  ModuleUnixDoor(Path file, boolean isForOthers) {
    this.file = file;
    this.isForOthers = isForOthers;
  }

  @Override
  ServerSocketChannel bind() throws IOException {
    makeFolder();
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      try {
        channel.bind(address);
      } catch (BindException e) {
        if (!isLeftOver(address)) {
          throw e;
        }
        Files.delete(file);
        channel.bind(address);
      }
      PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view != null) {
        view.setPermissions(
            PosixFilePermissions.fromString(isForOthers ? "rw-rw-rw-" : "rw-------"));
        owner = view.getOwner();
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** One that is there already is the operator's matter. */
  private void makeFolder() throws IOException {
    Path folder = file.getParent();
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder);
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(isForOthers ? "rwx--x--x" : "rwx------"));
    }
  }

  /** Whether the file is a socket nobody listens on, from a process that ended in a hurry. */
  private boolean isLeftOver(UnixDomainSocketAddress address) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        || !Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther()) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(address)) {
      return !probe.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  ModuleGate.Caller caller(SocketChannel socket) {
    UserPrincipal user = user(socket);
    boolean isOwn = user != null && user.equals(owner);
    String address = user == null ? "somebody at " + file : "user " + user + " at " + file;
    return new ModuleGate.Caller(address, isOwn ? user.getName() : "", false);
  }

  /** Whose process is at the other side; null if the system does not tell. */
  private static UserPrincipal user(SocketChannel socket) {
    for (SocketOption<?> option : socket.supportedOptions()) {
      if (option.name().equals(PEER_CREDENTIALS)) {
        try {
          Object principal = socket.getOption(option);
          return (UserPrincipal) principal.getClass().getMethod("user").invoke(principal);
        } catch (IOException
            | NoSuchMethodException
            | IllegalAccessException
            | InvocationTargetException
            | UnsupportedOperationException e) {
          LOG.debug("no user of a connection", e);
        }
      }
    }
    return null;
  }

  @Override
  SocketLink link(SocketChannel socket) {
    return new PlainLink(socket);
  }

  @Override
  void close() {
    super.close();
    try {
      if (isOpen()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted", file, e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
