/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a signal is: an immutable description that sources write and clients read (protocol section
 * 3.1). Absent facts are empty strings, empty collections or {@code null} as said below.
 */
public final class SignalDescriptor {
  /** The longest allowed signal id, in characters. */
  public static final int SIGNAL_ID_LIMIT_CHARS = 255;

  /** Key of {@link #metadata()}: the media type of the bytes of a {@link DataTypes#BINARY}. */
  public static final String CONTENT_TYPE = "contentType";

  /** Value of {@link #CONTENT_TYPE} of a text in UTF-8. */
  public static final String UTF8_TEXT = "text/plain; charset=utf-8";

  /** What ends a line, steers a terminal or a direction, or cannot be seen; but for joiners. */
  private static final Pattern UNFIT_IN_ID =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\\u200C\\u200D]]");

  private final Builder b;

  private SignalDescriptor(Builder b) {
    this.b = b;
  }

  /**
   * {@return a builder of a value signal with explicit rule}
   *
   * @param signalId id, unique on the device: 1 to {@value #SIGNAL_ID_LIMIT_CHARS} characters, no
   *     control characters, those of direction and of line ends included
   * @param dataType see {@link DataTypes}
   */
  public static Builder value(String signalId, String dataType) {
    return new Builder(signalId, dataType);
  }

  /**
   * {@return a builder of a signal of texts: binary samples in UTF-8, which its {@link #metadata()}
   * says; metadata set later must keep {@link #CONTENT_TYPE}} Its samples may be {@link String}s.
   *
   * @param signalId as for {@link #value}
   */
  public static Builder text(String signalId) {
    return value(signalId, DataTypes.BINARY).metadata(Map.of(CONTENT_TYPE, UTF8_TEXT));
  }

  /**
   * {@return a linear time domain with nanosecond ticks since 1970-01-01}
   *
   * @param signalId id of the domain signal
   * @param deltaNanos distance of neighbouring samples
   */
  public static SignalDescriptor linearTime(String signalId, long deltaNanos) {
    return time(signalId).rule(new Rule.Linear(deltaNanos)).build();
  }

  /**
   * {@return an explicit time domain with nanosecond ticks since 1970-01-01, for events}
   *
   * @param signalId id of the domain signal
   */
  public static SignalDescriptor explicitTime(String signalId) {
    return time(signalId).build();
  }

  private static Builder time(String signalId) {
    return value(signalId, DataTypes.INT64)
        .name("Time")
        .unit(Unit.SECOND)
        .resolution(Resolution.NANOSECONDS)
        .origin("1970-01-01");
  }

  /** {@return a builder that starts with all facts of this descriptor} */
  public Builder toBuilder() {
    return new Builder(b, b.signalId);
  }

  /**
   * {@return a builder that starts with all facts of this descriptor, for a signal with another id}
   *
   * @param signalId unique on the device
   */
  public Builder toBuilder(String signalId) {
    return new Builder(b, Builder.checkId(signalId));
  }

  /** Unique id on the device. */
  public String signalId() {
    return b.signalId;
  }

  /** Name for people; the id when none was given. */
  public String name() {
    return b.name;
  }

  /** A sentence for people, may be empty. */
  public String description() {
    return b.description;
  }

  /** See {@link DataTypes}. */
  public String dataType() {
    return b.dataType;
  }

  /** How values follow from what is transferred. */
  public Rule rule() {
    return b.rule;
  }

  /** Unit of the (post-scaled) values. */
  public Unit unit() {
    return b.unit;
  }

  /** Range of the (post-scaled) values, or {@code null}. */
  public Range range() {
    return b.range;
  }

  /** How raw samples become values, or {@code null}. */
  public PostScaling postScaling() {
    return b.postScaling;
  }

  /** Dimensions of one sample, empty for a scalar. */
  public List<Dimension> dimensions() {
    return b.dimensions;
  }

  /** Members of a struct, else empty. */
  public List<StructMember> members() {
    return b.members;
  }

  /** Type of the integer that holds a bit field, else empty. */
  public String bitFieldType() {
    return b.bitFieldType;
  }

  /** Meanings of a bit field's bits, else empty. */
  public List<Bit> bits() {
    return b.bits;
  }

  /** Length of a tick, for domain signals; {@code null} for others. */
  public Resolution resolution() {
    return b.resolution;
  }

  /** ISO 8601 date of tick 0, for time domains; empty for others. */
  public String origin() {
    return b.origin;
  }

  /** Signals that belong to this one, other than its domain. */
  public List<RelatedSignal> relatedSignals() {
    return b.relatedSignals;
  }

  /** Free facts for people and programs. */
  public Map<String, String> metadata() {
    return b.metadata;
  }

  /** Whether a new subscriber first gets the last written sample. */
  public boolean replayLast() {
    return b.replayLast;
  }

  /** Whether clients are offered it; sinks in this process know of it in any case. */
  public boolean isPublic() {
    return b.isPublic;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignalDescriptor that && facts().equals(that.facts());
  }

  @Override
  public int hashCode() {
    return facts().hashCode();
  }

  @Override
  public String toString() {
    return b.signalId + " (" + b.dataType + ", " + b.rule + ", " + b.unit.symbol() + ")";
  }

  private List<Object> facts() {
    return List.of(
        List.of(b.signalId, b.name, b.description, b.dataType, b.rule, b.unit, b.replayLast),
        List.of(String.valueOf(b.range), String.valueOf(b.postScaling), b.dimensions, b.members),
        List.of(b.bitFieldType, b.bits, String.valueOf(b.resolution), b.origin),
        List.of(b.relatedSignals, b.metadata, b.isPublic));
  }

  /** Collects the facts of a descriptor; not thread-safe. */
  public static final class Builder {
    private final String signalId;
    private String dataType;
    private String name;
    private String description = "";
    private Rule rule = Rule.EXPLICIT;
    private Unit unit = Unit.NONE;
    private Range range;
    private PostScaling postScaling;
    private List<Dimension> dimensions = List.of();
    private List<StructMember> members = List.of();
    private String bitFieldType = "";
    private List<Bit> bits = List.of();
    private Resolution resolution;
    private String origin = "";
    private List<RelatedSignal> relatedSignals = List.of();
    private Map<String, String> metadata = Map.of();
    private boolean replayLast;
    private boolean isPublic = true;

    private Builder(String signalId, String dataType) {
      this.signalId = checkId(signalId);
      this.dataType = requireText(signalId, "dataType", dataType);
      this.name = signalId;
    }

    private Builder(Builder from, String signalId) {
      this.signalId = signalId;
      dataType = from.dataType;
      name = from.name;
      description = from.description;
      rule = from.rule;
      unit = from.unit;
      range = from.range;
      postScaling = from.postScaling;
      dimensions = from.dimensions;
      members = from.members;
      bitFieldType = from.bitFieldType;
      bits = from.bits;
      resolution = from.resolution;
      origin = from.origin;
      relatedSignals = from.relatedSignals;
      metadata = from.metadata;
      replayLast = from.replayLast;
      isPublic = from.isPublic;
    }

    private static String checkId(String signalId) {
      Objects.requireNonNull(signalId, "signalId");
      if (signalId.isEmpty()
          || signalId.length() > SIGNAL_ID_LIMIT_CHARS
          || UNFIT_IN_ID.matcher(signalId).find()) {
        throw new IllegalArgumentException(
            "signalId must have 1 to %s characters and no control characters: '%s'"
                .formatted(
                    SIGNAL_ID_LIMIT_CHARS, UNFIT_IN_ID.matcher(signalId).replaceAll("\uFFFD")));
      }
      return signalId;
    }

    private static String requireText(String signalId, String key, String value) {
      if (value == null || value.isEmpty()) {
        throw new IllegalArgumentException(
            "signal " + signalId + ": " + key + " must not be empty");
      }
      return value;
    }

    /** Sets the name for people. */
    public Builder name(String value) {
      name = requireText(signalId, "name", value);
      return this;
    }

    /** Sets the sentence for people. */
    public Builder description(String value) {
      description = Objects.requireNonNull(value);
      return this;
    }

    /** Sets another data type. */
    public Builder dataType(String value) {
      dataType = requireText(signalId, "dataType", value);
      return this;
    }

    /** Sets the rule. */
    public Builder rule(Rule value) {
      rule = Objects.requireNonNull(value);
      return this;
    }

    /** Sets the unit. */
    public Builder unit(Unit value) {
      unit = Objects.requireNonNull(value);
      return this;
    }

    /** Sets the range of the values. */
    public Builder range(double low, double high) {
      range = new Range(low, high);
      return this;
    }

    /** Sets how raw samples become values. */
    public Builder postScaling(double offset, double scale) {
      postScaling = new PostScaling(offset, scale);
      return this;
    }

    /** Sets the dimensions of one sample. */
    public Builder dimensions(List<Dimension> value) {
      dimensions = List.copyOf(value);
      return this;
    }

    /** Sets the members of a struct. */
    public Builder members(List<StructMember> value) {
      members = List.copyOf(value);
      return this;
    }

    /** Sets the integer type and the bits of a bit field. */
    public Builder bits(String integerType, List<Bit> value) {
      bitFieldType = requireText(signalId, "bitFieldType", integerType);
      bits = List.copyOf(value);
      return this;
    }

    /** Sets the length of a tick of a domain signal. */
    public Builder resolution(Resolution value) {
      resolution = Objects.requireNonNull(value);
      return this;
    }

    /** Sets the ISO 8601 date of tick 0 of a time domain. */
    public Builder origin(String value) {
      origin = Objects.requireNonNull(value);
      return this;
    }

    /** Names signals that belong to this one. */
    public Builder relatedSignals(List<RelatedSignal> value) {
      relatedSignals = List.copyOf(value);
      return this;
    }

    /** Sets the free facts. */
    public Builder metadata(Map<String, String> value) {
      metadata = Map.copyOf(value);
      return this;
    }

    /**
     * Lets a new subscriber start with the last written sample instead of waiting for the next one,
     * also when the server or the type's writer came after it was written; for signals that are
     * written seldom. Signals with a constant rule always do.
     */
    public Builder replayLast(boolean value) {
      replayLast = value;
      return this;
    }

    /**
     * Hides a signal from clients, or shows it, as {@code public} of openDAQ signals does: for what
     * other bundles work with and nobody outside is to see. Unless set it is public. A domain
     * signal that is not public is offered as long as a public value signal of its table is.
     */
    public Builder isPublic(boolean value) {
      isPublic = value;
      return this;
    }

    /** {@return the finished, immutable descriptor; the builder may go on} */
    public SignalDescriptor build() {
      return new SignalDescriptor(new Builder(this, signalId));
    }
  }
}
