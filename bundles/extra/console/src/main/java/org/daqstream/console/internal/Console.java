/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of {@link ConsoleClient}s. The framework property {@value #SOCKET} names the
 * Unix-domain socket; without it there is no console. Its folder belongs to the console and is
 * closed to other users: whoever can connect can do everything.
 */
@Component(service = {})
public final class Console {
  static final String SOCKET = "daqstream.console.socket";

  private static final Logger LOG = LoggerFactory.getLogger(Console.class);

  private static final int MOST_CLIENTS = 16;
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final CommandProcessor processor;
  private final Set<ConsoleSession> sessions = ConcurrentHashMap.newKeySet();
  private ServerSocketChannel server;
  private Path socket;
  private Worker worker; // null without a console

  @Activate
  public Console(@Reference CommandProcessor processor, BundleContext context) {
    this(processor, context.getProperty(SOCKET));
  }

  Console(CommandProcessor processor, String socket) {
    this.processor = processor;
    if (socket != null) {
      listen(Path.of(socket));
    }
  }

  private void listen(Path path) {
    try {
      prepare(path.getParent());
      Files.deleteIfExists(path);
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      socket = path;
      worker = Worker.start("daqstream-console", this::accept);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("no console at {}: {}", path, e.getMessage());
      deactivate();
    }
  }

  /** No other user may enter the folder, from its first moment on. */
  private static void prepare(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      FileAttribute<?> ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(folder.getParent());
      if (Files.notExists(folder)) {
        Files.createDirectory(folder, ownerOnly);
      }
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } else {
      Files.createDirectories(folder);
    }
  }

  /**
   * Until the console ends; whoever cannot be taken now, for want of descriptors say, may be later.
   */
  private void accept(Worker self) {
    ProblemLog problems = new ProblemLog(LOG::warn);
    while (server.isOpen()) {
      try {
        take(server.accept());
        problems.clear();
      } catch (IOException | RuntimeException | Error e) {
        if (server.isOpen()) {
          problems.say("a console client cannot be taken now: " + e);
        }
        self.rest(RETRY_NANOS);
      }
    }
  }

  private void take(SocketChannel client) throws IOException {
    if (sessions.size() >= MOST_CLIENTS) {
      client.close();
      LOG.warn("console client refused: {} are connected, no more are allowed", MOST_CLIENTS);
      return;
    }
    try {
      ConsoleSession session = new ConsoleSession(client, processor);
      sessions.add(session);
      if (!server.isOpen()) {
        session.close();
      }
      start(session);
    } catch (RuntimeException | Error e) {
      client.close();
      throw e;
    }
  }

  private void start(ConsoleSession session) {
    try {
      Worker.start("daqstream-console-client", self -> serve(session));
    } catch (RuntimeException | Error e) { // no more threads
      sessions.remove(session);
      throw e;
    }
  }

  private void serve(ConsoleSession session) {
    try {
      session.serve();
    } finally {
      sessions.remove(session);
    }
  }

  /** Ends every client and what it runs. */
  @Deactivate
  void deactivate() {
    try {
      if (server != null) {
        server.close();
      }
      if (socket != null) {
        Files.deleteIfExists(socket);
      }
    } catch (IOException e) {
      LOG.warn("closing the console", e);
    }
    if (worker != null) {
      worker.stop();
    }
    sessions.forEach(ConsoleSession::close);
  }
}
