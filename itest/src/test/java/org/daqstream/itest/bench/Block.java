/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/**
 * What a publisher writes again and again: samples of one kind, the first eight bytes of which are
 * the number of the block.
 */
abstract class Block {
  private final String dataType;
  private final List<Dimension> dimensions;
  private final List<StructMember> members;
  final Object samples;
  final int count;
  final int bytes;

  private Block(
      String dataType,
      List<Dimension> dimensions,
      List<StructMember> members,
      Object samples,
      int count,
      int sampleBytes) {
    this.dataType = dataType;
    this.dimensions = dimensions;
    this.members = members;
    this.samples = samples;
    this.count = count;
    this.bytes = count * sampleBytes;
  }

  /** The signal that takes such blocks. */
  SignalDescriptor descriptor(String signalId) {
    return SignalDescriptor.value(signalId, dataType)
        .dimensions(dimensions)
        .members(members)
        .build();
  }

  /** Sets the first eight bytes. */
  abstract void number(long number);

  /** Sets every number of every sample, as a source does that measures them. */
  abstract void fill(long number);

  private static Dimension axis(String name, int size) {
    return new Dimension.Linear(name, 0, 1, size, Unit.NONE);
  }

  /** Plain integers. */
  static Block integers(int bytes) {
    long[] numbers = new long[bytes / Long.BYTES];
    return new Block(DataTypes.INT64, List.of(), List.of(), numbers, numbers.length, Long.BYTES) {
      @Override
      void number(long number) {
        numbers[0] = number;
      }

      @Override
      void fill(long number) {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = number + i;
        }
      }
    };
  }

  /** Plain reals. */
  static Block reals(int bytes) {
    return reals(List.of(), 1, bytes);
  }

  /** Spectra of 1024 reals. */
  static Block spectra(int bytes) {
    return reals(List.of(axis("f", 1_024)), 1_024, bytes);
  }

  private static Block reals(List<Dimension> dimensions, int elements, int bytes) {
    int count = bytes / (elements * Double.BYTES);
    double[] numbers = new double[count * elements];
    return new Block(
        DataTypes.REAL64, dimensions, List.of(), numbers, count, elements * Double.BYTES) {
      @Override
      void number(long number) {
        numbers[0] = Double.longBitsToDouble(number);
      }

      @Override
      void fill(long number) {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = number * 0.5 + i;
        }
      }
    };
  }

  /** Images of 64 x 64 grey levels. */
  static Block images(int bytes) {
    int pixels = 64 * 64;
    int count = bytes / (pixels * Short.BYTES);
    short[] grey = new short[count * pixels];
    List<Dimension> dimensions = List.of(axis("y", 64), axis("x", 64));
    return new Block(DataTypes.UINT16, dimensions, List.of(), grey, count, pixels * Short.BYTES) {
      @Override
      void number(long number) {
        for (int i = 0; i < 4; i++) {
          grey[i] = (short) (number >>> (16 * i));
        }
      }

      @Override
      void fill(long number) {
        for (int i = 0; i < grey.length; i++) {
          grey[i] = (short) (number + i);
        }
      }
    };
  }

  /**
   * Records of 64 bytes: a counter, a status and numbers of three widths, five of them in arrays.
   */
  static Block structs(int bytes) {
    List<StructMember> members =
        List.of(
            new StructMember("count", DataTypes.INT64),
            new StructMember("status", DataTypes.UINT32),
            new StructMember("temperature", DataTypes.REAL32),
            StructMember.array("force", DataTypes.REAL64, 3),
            new StructMember("speed", DataTypes.REAL64),
            StructMember.array("phase", DataTypes.REAL32, 2),
            new StructMember("angle", DataTypes.REAL64));
    return new Records(members, bytes) {
      @Override
      void fill(StructBuffer records, long number) {
        records.setLong(0, number).setLong(1, number >> 3).setDouble(2, number * 0.1);
        for (int i = 0; i < 3; i++) {
          records.setDouble(3, i, number * 0.2 + i);
        }
        records.setDouble(4, number * 0.3);
        records.setDouble(5, 0, number * 0.4).setDouble(5, 1, number * 0.5);
        records.setDouble(6, number * 0.6);
      }
    };
  }

  /** CAN frames with eight bytes of data. */
  static Block canFrames(int bytes) {
    byte[] data = new byte[8];
    return new Records(CanFrame.MEMBERS, bytes) {
      @Override
      void fill(StructBuffer records, long number) {
        records
            .setLong(CanFrame.ARB_ID, number & 0x7FF)
            .setLong(CanFrame.LENGTH, data.length)
            .setBytes(CanFrame.DATA, data, 0, data.length);
      }
    };
  }

  private abstract static class Records extends Block {
    private final StructBuffer records;

    Records(List<StructMember> members, int bytes) {
      this(members, StructLayout.of(members), bytes);
    }

    private Records(List<StructMember> members, StructLayout layout, int bytes) {
      super(
          DataTypes.STRUCT,
          List.of(),
          members,
          StructBuffer.allocate(layout, bytes / layout.recordBytes()),
          bytes / layout.recordBytes(),
          layout.recordBytes());
      records = (StructBuffer) samples;
      fill(0);
    }

    abstract void fill(StructBuffer record, long number);

    @Override
    void number(long number) {
      ByteBuffer packed = records.bytes();
      packed.order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
    }

    @Override
    final void fill(long number) {
      records.clear();
      while (records.size() < count) {
        fill(records.add(), number + records.size());
      }
    }
  }
}
