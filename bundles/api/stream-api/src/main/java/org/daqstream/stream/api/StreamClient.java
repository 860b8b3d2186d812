/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The streams of one module instance.
 *
 * <p>A DS component names its instance in one line:
 *
 * <pre>{@code
 * @Reference(target = "(stream.instance=camera)") StreamClient streams;
 * }</pre>
 *
 * The reference is satisfied as soon as a manifest names the instance, and the client is closed
 * when it is let go. It belongs to the component's bundle; with {@code scope =
 * ReferenceScope.PROTOTYPE_REQUIRED} each component has its own. Others ask {@link
 * StreamRegister#client}.
 *
 * <p>All calls may come from any thread. Only {@link #processEvent} and {@link #close(int, long)}
 * of an output wait, and those not longer than told. Callbacks run only inside {@code
 * processEvent}, or on the executor given to {@link #dispatchOn}; both may call the client, except
 * {@code processEvent}.
 */
@ProviderType
public interface StreamClient extends AutoCloseable {
  /** Service property: the instance name, a String. */
  String STREAM_INSTANCE = "stream.instance";

  /** {@return the instance's name in the manifest, never null} */
  String instance();

  /**
   * Opens an input stream. Blocks for name resolution and binding only.
   *
   * @param name as in the manifest
   * @param callback takes the data
   * @return the handle: positive, process-wide, never used again
   * @throws StreamException EXIST: the name is open; ERROR: no manifest names this instance, or the
   *     transport failed; INVAL: unknown name, not an input, or refused parameters; NOTSUP: no
   *     transport for the type is there now (try again when it came)
   */
  default int openInput(String name, StreamCallback callback) throws StreamException {
    return openInput(name, callback, null);
  }

  /**
   * Opens an input stream and hears of its peers and its end.
   *
   * @param name as in the manifest
   * @param callback takes the data
   * @param listener takes the rest; null when nobody wants it, then no such event is queued
   * @return the handle
   * @throws StreamException as for {@link #openInput(String, StreamCallback)}
   */
  int openInput(String name, StreamCallback callback, StreamListener listener)
      throws StreamException;

  /**
   * Opens an output stream.
   *
   * @param name as in the manifest
   * @return the handle: positive, process-wide, never used again
   * @throws StreamException as for {@link #openInput(String, StreamCallback)}; INVAL when it is not
   *     an output
   */
  default int openOutput(String name) throws StreamException {
    return openOutput(name, null);
  }

  /**
   * Opens an output stream and hears of its peers and its end.
   *
   * @param name as in the manifest
   * @param listener null when nobody wants it, then no such event is queued
   * @return the handle
   * @throws StreamException as for {@link #openOutput(String)}
   */
  int openOutput(String name, StreamListener listener) throws StreamException;

  /**
   * Queues a message. Returns at once; the bytes are copied, the buffer's position stays.
   *
   * @param handle an output
   * @param message the bytes between position and limit
   * @return OK: queued, not sent; ERROR: the queue is full (try later) or the stream has ended;
   *     INVAL: unknown, closed or an input; TOOBIG: larger than the queue may ever hold; NOMEM: all
   *     outputs together hold as much as the runtime allows (try later)
   */
  StreamResult write(int handle, ByteBuffer message);

  /**
   * Queues a message, see {@link #write(int, ByteBuffer)}.
   *
   * @param handle an output
   * @param message copied before return
   * @return as {@link #write(int, ByteBuffer)}
   */
  default StreamResult write(int handle, byte[] message) {
    return write(handle, ByteBuffer.wrap(message));
  }

  /**
   * Closes a stream; an output flushes until the register's default deadline.
   *
   * @param handle of an open or ended stream
   * @return what was lost; INVAL for an unknown handle
   */
  CloseResult close(int handle);

  /**
   * Closes a stream. No callback of it starts any more. The name is free again.
   *
   * @param handle of an open or ended stream
   * @param flushTimeoutMs how long an output may go on sending what is queued; 0 gives it up at
   *     once
   * @return what was lost; INVAL for an unknown handle
   */
  CloseResult close(int handle, long flushTimeoutMs);

  /**
   * Waits for one event and runs its callback on this thread.
   *
   * @param timeoutMs 0 polls, -1 waits for ever
   * @return OK: one event done; TIMEDOUT; SHOULDEXIT: asked to stop (or interrupted, or closed) and
   *     no event is left; FAULT: the callback threw, which is logged; AGAIN: another thread, an
   *     executor or a callback further up this stack is processing events
   */
  StreamResult processEvent(long timeoutMs);

  /**
   * Runs all callbacks on an executor from now on, one at a time and in order, instead of {@link
   * #processEvent}.
   *
   * @param executor the caller's; null goes back to {@code processEvent}. It must not run a task
   *     within {@code execute}, that would be a network thread. When it rejects a task the events
   *     stay queued until the next one comes
   */
  void dispatchOn(Executor executor);

  /**
   * Asks the module to leave its event loop: queued events are still delivered, then {@link
   * #processEvent} gives SHOULDEXIT. Wakes a waiting {@code processEvent}.
   */
  void requestStop();

  /**
   * {@return one open stream as it stands now, empty for an unknown handle}
   *
   * @param handle of an open or ended stream
   */
  Optional<StreamInfo> info(int handle);

  /** {@return a copy of the open streams as they stand now, in order of opening} */
  List<StreamInfo> streams();

  /**
   * Closes every stream, logs a warning for those still open, and drops the queued events. Opens
   * give ERROR afterwards. Closing twice does nothing.
   */
  @Override
  void close();
}
