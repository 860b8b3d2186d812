/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** The files of one table, one after another. For the thread of the loop. */
final class TableFiles {
  /** Makes files, and is told what goes into them. */
  interface Maker {
    /** Begins one; what it is given goes into the file. */
    RecordingWriter begin(TableFiles table, RecordingPart part) throws IOException;

    /** Free facts for all files. */
    Map<String, String> facts();

    /** Samples have gone into a file. */
    void wrote(long samples);

    /** A file tells a hole. */
    void told(RecordingHole hole);

    /** A hole that no file tells. */
    void untold(RecordingHole hole);
  }

  private static final long BLOCK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long BLOCK_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Maker maker;
  private final Map<RecordedSignal, Channel> channels = new LinkedHashMap<>();
  private SignalDescriptor domain;
  private TableRecording recording; // null: nothing was written since the last end
  private RecordingWriter writer; // of the file that is open, null for none
  private Map<String, String> ownFacts = Map.of();
  private String change = ""; // why the next sample begins a file
  private int nextPart;
  private long blockNanos; // 0 when nothing failed
  private long blockedUntil;
  private long segment; // of time, in which the open file was begun

  TableFiles(Maker maker, SignalDescriptor domain) {
    this.maker = maker;
    this.domain = domain;
  }

  String tableId() {
    return domain.signalId();
  }

  SignalDescriptor domain() {
    return domain;
  }

  /** Distance of neighbouring rows; 0 with an explicit domain. */
  long deltaTicks() {
    return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  boolean has(String signalId) {
    return channels.values().stream()
        .anyMatch(each -> each.descriptor().signalId().equals(signalId));
  }

  private boolean isOnLine() {
    return deltaTicks() > 0;
  }

  boolean isOpen() {
    return writer != null;
  }

  /** Of time, in which the open file was begun. */
  long segment() {
    return segment;
  }

  /** How many bytes the open file has. */
  long openBytes() {
    return writer == null ? 0 : writer.bytes();
  }

  /** Whether all signals have told the same rows, so that a file can end here. */
  boolean isEven() {
    return recording == null || !recording.isWaiting();
  }

  /** Whether writing failed and is not to be tried yet. */
  boolean isBlocked(long now) {
    return blockNanos > 0 && now - blockedUntil < 0;
  }

  /** Whether writing failed and was not done since. */
  boolean hasFailed() {
    return blockNanos > 0;
  }

  /** Free facts for the files that begin from now on, beside those of all. */
  void setFacts(Map<String, String> facts) {
    ownFacts = facts;
  }

  /** The number of the next file of the recording. */
  int nextPart() {
    return nextPart++;
  }

  void open(RecordedSignal signal) {
    channels.put(signal, new Channel(signal.descriptor()));
    changed("'" + signal.descriptor().signalId() + "' has come");
  }

  /** Tells what is missing of a signal that goes; the last one takes the file along. */
  void end(RecordedSignal signal) throws IOException {
    Channel channel = channels.get(signal);
    if (channel != null) {
      tellMissing(channel, signal.takeLoss());
      if (channels.size() == 1) {
        finish("");
      }
    }
  }

  /** The signal is gone. */
  void remove(RecordedSignal signal) throws IOException {
    Channel channel = channels.remove(signal);
    if (channel != null) {
      tellMissing(channel, signal.takeLoss());
      changed("'" + channel.descriptor().signalId() + "' is gone");
    }
  }

  void describe(RecordedSignal signal, SignalDescriptor descriptor) {
    Channel channel = channels.get(signal);
    if (channel != null && !channel.descriptor().equals(descriptor)) {
      changed(DescriptorChange.of(channel.descriptor(), descriptor));
      channel.describe(descriptor);
    }
  }

  void describeDomain(SignalDescriptor now) {
    if (!now.equals(domain)) {
      changed(DescriptorChange.of(domain, now));
      domain = now;
    }
  }

  private void changed(String why) {
    change = change.isEmpty() ? why : change.replaceFirst(", and more$", "") + ", and more";
  }

  /** A constant's value that is in no file, to hold until another one comes. */
  void hold(RecordedSignal signal, SampleRun run) throws IOException {
    Channel channel = channels.get(signal);
    if (channel != null && channel.hold(run) && recording != null && change.isEmpty()) {
      put(channel, channel.held());
    }
  }

  /**
   * Writes samples, and before them what is missing.
   *
   * @param newSegment of time, which a file that begins now is of
   */
  void write(RecordedSignal signal, MissingRows loss, SampleRun run, long newSegment)
      throws IOException {
    Channel channel = channels.get(signal);
    prepare(newSegment);
    List<MissingRows> missing = channel.before(loss, run, isOnLine());
    for (MissingRows each : missing) {
      tell(channel, each);
    }
    put(channel, run);
    channel.wrote(missing, run);
    maker.wrote(run.count());
  }

  private void put(Channel channel, SampleRun run) throws IOException {
    String id = channel.descriptor().signalId();
    if (run.ticks() == null) {
      recording.onLine(id, run.row(), run.count(), run.tick(), run.delta(), run.samples());
    } else {
      recording.stamped(id, run.row(), run.ticks(), run.samples());
    }
  }

  private void prepare(long newSegment) throws IOException {
    if (recording == null) {
      Map<String, String> facts = new HashMap<>(maker.facts());
      facts.putAll(ownFacts);
      if (!change.isEmpty() && nextPart > 0) {
        facts.put("daqstream.part.why", change);
      }
      recording = new TableRecording(domain, descriptors(), facts, (part, number) -> begin(part));
    } else if (!change.isEmpty()) {
      recording.change(domain, descriptors(), change);
      ended();
    } else {
      segment = writer == null ? newSegment : segment;
      return;
    }
    change = "";
    segment = newSegment;
    if (!channels.values().stream().allMatch(Channel::isConstant)) { // else they are rows
      for (Channel each : channels.values()) {
        if (each.held() != null) {
          put(each, each.held());
        }
      }
    }
  }

  private RecordingWriter begin(RecordingPart part) throws IOException {
    writer = maker.begin(this, part);
    return writer;
  }

  private List<SignalDescriptor> descriptors() {
    return channels.values().stream().map(Channel::descriptor).toList();
  }

  /** Completes the file and has the next sample begin another one. */
  void endSegment(String why) throws IOException {
    finishOpen();
    changed(why);
  }

  private void finishOpen() throws IOException {
    if (recording != null) {
      recording.finish();
      ended();
    }
  }

  private void ended() {
    writer = null;
    channels.values().forEach(Channel::safe);
  }

  private void tell(Channel channel, MissingRows loss) throws IOException {
    RecordingHole hole = loss.of(channel.descriptor());
    recording.hole(hole);
    maker.told(hole);
  }

  /** Samples that came and are not written; the next file that is tells of it. */
  void miss(RecordedSignal signal, MissingRows loss, SampleRun run, LossReason reason) {
    channels.get(signal).miss(loss, run, reason, isOnLine());
  }

  /** Rows that the next file tells of, or the one that is open now at its end. */
  void leaveOut(RecordedSignal signal, MissingRows hole) {
    Channel channel = channels.get(signal);
    if (channel != null && !channel.leaveOut(hole)) {
      maker.untold(hole.of(channel.descriptor()));
    }
  }

  private void tellMissing(Channel channel, MissingRows loss) throws IOException {
    for (MissingRows each : channel.atEnd(loss, isOnLine())) {
      if (writer != null || (recording != null && recording.isWaiting())) {
        tell(channel, each);
      } else {
        maker.untold(each.of(channel.descriptor()));
      }
    }
  }

  /** To be called a few times a second. */
  void poll() throws IOException {
    if (recording != null) {
      recording.poll();
    }
  }

  /** To be called about once a second; what came before is safe then. */
  void sync() throws IOException {
    if (recording != null && writer != null) {
      recording.sync();
      blockNanos = 0;
      channels
          .values()
          .forEach(each -> each.safe(recording.firstWaiting(each.descriptor().signalId())));
    }
  }

  /**
   * Completes the file, if there is one.
   *
   * @param whyNext why another one begins, for that; may be empty
   */
  void finish(String whyNext) throws IOException {
    finishOpen();
    recording = null;
    change = whyNext;
  }

  /** What is missing goes into the file that is open, or else is said to nobody but the log. */
  void tellAllMissing() throws IOException {
    for (Map.Entry<RecordedSignal, Channel> each : channels.entrySet()) {
      tellMissing(each.getValue(), each.getKey().takeLoss());
    }
  }

  /** Another recording: its files are counted from 0. */
  void forget() {
    nextPart = 0;
    change = "";
    blockNanos = 0;
    forgetRows();
  }

  /** What the source writes until something is recorded again is not wanted. */
  void forgetRows() {
    channels.values().forEach(Channel::forget);
  }

  /** The file cannot be written any more; what is not on the disk is missing. */
  void abandon(LossReason reason, String whyNext) {
    if (recording != null) {
      recording.close();
      recording = null;
      writer = null;
      change = whyNext;
      channels.values().forEach(each -> each.abandon(reason));
    }
  }

  /** Nothing is tried for some time, for longer each time that it fails. */
  void block(long now) {
    blockNanos = Math.min(BLOCK_LIMIT_NANOS, Math.max(BLOCK_NANOS, 2 * blockNanos));
    blockedUntil = now + blockNanos;
  }
}
