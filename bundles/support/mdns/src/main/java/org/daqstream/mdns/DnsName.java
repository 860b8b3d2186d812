/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A domain name. Labels are kept apart, since an instance name may contain dots; case does not
 * count.
 */
public final class DnsName {
  static final int LABEL_BYTES = 63;

  private final List<String> labels;
  private final List<String> folded;

  /** A name of labels, the most special first. */
  public DnsName(List<String> labels) {
    this.labels = List.copyOf(labels);
    folded = labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList();
  }

  /** A name of labels without dots, as {@code _streaming-lt._tcp.local}. */
  public static DnsName of(String dotted) {
    return new DnsName(List.of(dotted.split("\\.")));
  }

  /** This name below another label. */
  public DnsName prepend(String label) {
    List<String> all = new ArrayList<>();
    all.add(label);
    all.addAll(labels);
    return new DnsName(all);
  }

  /** The first label; empty for the root. */
  public String first() {
    return labels.isEmpty() ? "" : labels.get(0);
  }

  /** This name without its first label. */
  DnsName parent() {
    return new DnsName(labels.subList(1, labels.size()));
  }

  /** Whether it can be sent; what was not UTF-8 when it was read has grown. */
  boolean isWritable() {
    return labels.stream().allMatch(label -> label.getBytes(UTF_8).length <= LABEL_BYTES);
  }

  /** The longest beginning of a text that is a label, with room for what is put behind it. */
  public static String label(String text, String suffix) {
    return cut(text, LABEL_BYTES - suffix.getBytes(UTF_8).length) + suffix;
  }

  /** The longest beginning of a text that has at most so many bytes. */
  public static String cut(String text, int limitBytes) {
    int end = 0;
    for (int bytes = 0; end < text.length(); ) {
      int codePoint = text.codePointAt(end);
      bytes += Character.toString(codePoint).getBytes(UTF_8).length;
      if (bytes > limitBytes) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }

  List<String> labels() {
    return labels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DnsName name && folded.equals(name.folded);
  }

  @Override
  public int hashCode() {
    return folded.hashCode();
  }

  @Override
  public String toString() {
    return String.join(".", labels);
  }
}
