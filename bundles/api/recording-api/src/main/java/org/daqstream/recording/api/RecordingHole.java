/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

/**
 * Something that is missing in a recording.
 *
 * @param signalId the signal
 * @param reason why, in a word: {@code device}, {@code rows}, {@code domain}, {@code connection},
 *     {@code consumer}, {@code recorder}
 * @param fromRow first row that is missing
 * @param toRow first row that is there again; smaller than {@code fromRow} when rows were counted
 *     anew
 * @param isTimeKnown whether the ticks are known
 * @param fromTick domain value of the first sample that is missing
 * @param toTick domain value of the first sample that is there again
 */
public record RecordingHole(
    String signalId,
    String reason,
    long fromRow,
    long toRow,
    boolean isTimeKnown,
    long fromTick,
    long toTick) {}
