/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * What is where in a file of somebody else: the first column of timestamps is the domain, else the
 * first one that is called as a time is; other columns that are in no list are signals.
 */
final class OthersLayout {
  /** Fact with the columns that are not read. */
  private static final String NOT_READ = "notRead";

  private static final Pattern TIME_NAME =
      Pattern.compile(
          "(?:time|timestamp|ts|t|date|datetime|ticks?|time[_ ]?stamp)"
              + "(?:[ _]?[(\\[]?(ns|us|µs|μs|ms|s|sec|seconds)[)\\]]?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Set<String> FACTS_OF_LIBRARIES = Set.of("ARROW:schema", "pandas");
  private static final long NANOS = 1_000_000_000;
  private static final int ID_LIMIT = SignalDescriptor.SIGNAL_ID_LIMIT_CHARS - 8;

  private final Set<String> taken = new HashSet<>();
  private final List<FileSignal> signals = new ArrayList<>();
  private final List<String> notRead = new ArrayList<>();
  private FileLeaf time;
  private TimeScale scale = TimeScale.NONE;
  private SignalDescriptor domain;

  private OthersLayout() {}

  static FileLayout of(Map<String, String> facts, List<FileLeaf> leaves) throws IOException {
    OthersLayout layout = new OthersLayout();
    layout.findTime(leaves);
    for (FileLeaf each : leaves) {
      if (each.maxRepetition() > 0) {
        layout.notRead.add(each.name());
      } else if (!each.equals(layout.time)) {
        layout.signals.add(layout.signal(each));
      }
    }
    if (layout.signals.isEmpty()) {
      throw new IOException("has no columns but a time and lists");
    }
    Map<String, String> own = new TreeMap<>(facts);
    own.keySet().removeAll(FACTS_OF_LIBRARIES);
    if (!layout.notRead.isEmpty()) {
      own.put(NOT_READ, String.join(", ", layout.notRead));
    }
    List<SignalDescriptor> descriptors =
        layout.signals.stream().map(FileSignal::descriptor).toList();
    return new FileLayout(
        new RecordingPart(layout.domain, descriptors, own),
        List.of(),
        null,
        layout.time,
        layout.scale,
        null,
        layout.signals);
  }

  private void findTime(List<FileLeaf> leaves) {
    for (FileLeaf each : leaves) {
      Long ticksPerSecond = each.maxRepetition() > 0 ? null : ticksPerSecond(each);
      if (ticksPerSecond != null) {
        time(each, new Resolution(1, ticksPerSecond), "1970-01-01");
        return;
      }
    }
    for (FileLeaf each : leaves) {
      Matcher name = TIME_NAME.matcher(each.name().strip());
      if (each.maxRepetition() == 0 && name.matches() && timeByName(each, name.group(1))) {
        return;
      }
    }
    domain = SignalDescriptor.value(id("rows"), DataTypes.INT64).build();
  }

  /** Of timestamps; {@code null} for what is none. */
  private static Long ticksPerSecond(FileLeaf leaf) {
    SchemaElement element = leaf.element();
    if (leaf.type() == Type.INT96) {
      return NANOS;
    }
    if (element.isSetLogicalType() && element.getLogicalType().isSetTIMESTAMP()) {
      TimeUnit unit = element.getLogicalType().getTIMESTAMP().getUnit();
      return unit.isSetMILLIS() ? 1_000L : unit.isSetMICROS() ? 1_000_000L : (Long) NANOS;
    }
    if (element.getConverted_type() == ConvertedType.TIMESTAMP_MILLIS) {
      return 1_000L;
    }
    return element.getConverted_type() == ConvertedType.TIMESTAMP_MICROS ? (Long) 1_000_000L : null;
  }

  /** By its name a time: numbers of some unit, whole ones without a unit are ticks. */
  private boolean timeByName(FileLeaf leaf, String unit) {
    long perSecond =
        unit == null
            ? 1
            : switch (unit.toLowerCase(Locale.ROOT)) {
              case "ns" -> NANOS;
              case "us", "µs", "μs" -> 1_000_000;
              case "ms" -> 1_000;
              default -> 1;
            };
    switch (leaf.type()) {
      case DOUBLE, FLOAT -> {
        scale = TimeScale.ofReals(leaf.type() == Type.DOUBLE, NANOS / perSecond);
        time(leaf, Resolution.NANOSECONDS, "");
      }
      case INT64, INT32 -> time(leaf, unit == null ? null : new Resolution(1, perSecond), "");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void time(FileLeaf leaf, Resolution resolution, String origin) {
    time = leaf;
    SignalDescriptor.Builder made = SignalDescriptor.value(id(leaf.name()), DataTypes.INT64);
    if (resolution != null) {
      made.unit(Unit.SECOND).resolution(resolution).origin(origin);
    }
    domain = made.build();
  }

  /** A name that can be a signal's, and is no other's. */
  private String id(String name) {
    String plain = name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "\uFFFD");
    String id = plain.substring(0, Math.min(ID_LIMIT, plain.length()));
    id = id.isEmpty() ? "column" : id;
    String free = id;
    for (int i = 2; !taken.add(free); i++) {
      free = id + "-" + i;
    }
    return free;
  }

  private FileSignal signal(FileLeaf leaf) {
    SchemaElement element = leaf.element();
    ElementType type = elementType(leaf);
    String id = id(leaf.name());
    boolean isText =
        type == null
            && (element.getConverted_type() == ConvertedType.UTF8
                || element.getConverted_type() == ConvertedType.ENUM
                || element.getConverted_type() == ConvertedType.JSON
                || (element.isSetLogicalType() && element.getLogicalType().isSetSTRING()));
    SignalDescriptor.Builder signal =
        isText
            ? SignalDescriptor.text(id)
            : SignalDescriptor.value(id, type == null ? DataTypes.BINARY : type.dataType());
    int decimals = decimals(element);
    if (type != null && decimals > 0) {
      signal.postScaling(0, Math.pow(10, -decimals));
    }
    if (!id.equals(leaf.name()) && !leaf.name().isEmpty()) {
      signal.name(leaf.name());
    }
    Leaf only =
        new Leaf(
            leaf.path(),
            leaf.type(),
            type,
            new int[1],
            leaf.maxDefinition(),
            0,
            new byte[1],
            false,
            isText);
    return new FileSignal(signal.build(), List.of(only), List.of(leaf));
  }

  private static int decimals(SchemaElement element) {
    if (element.isSetLogicalType() && element.getLogicalType().isSetDECIMAL()) {
      return element.getLogicalType().getDECIMAL().getScale();
    }
    return element.getConverted_type() == ConvertedType.DECIMAL ? element.getScale() : 0;
  }

  /** {@code null} for bytes. */
  private static ElementType elementType(FileLeaf leaf) {
    return switch (leaf.type()) {
      case BOOLEAN -> ElementType.UINT8;
      case FLOAT -> ElementType.REAL32;
      case DOUBLE -> ElementType.REAL64;
      case INT96 -> ElementType.INT64;
      case INT32, INT64 -> integer(leaf);
      default -> null;
    };
  }

  private static ElementType integer(FileLeaf leaf) {
    SchemaElement element = leaf.element();
    int bits = leaf.type() == Type.INT32 ? Integer.SIZE : Long.SIZE;
    boolean isSigned = true;
    if (element.isSetLogicalType() && element.getLogicalType().isSetINTEGER()) {
      IntType type = element.getLogicalType().getINTEGER();
      bits = Math.min(bits, type.getBitWidth());
      isSigned = type.isIsSigned();
    } else if (element.isSetConverted_type()) {
      Matcher type = Pattern.compile("(U?)INT_(\\d+)").matcher(element.getConverted_type().name());
      if (type.matches()) {
        bits = Math.min(bits, Integer.parseInt(type.group(2)));
        isSigned = type.group(1).isEmpty();
      }
    }
    ElementType type = ElementType.of((isSigned ? "int" : "uint") + bits);
    return type == null ? ElementType.of("int" + bits) : type;
  }
}
