/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** Three samples of every data type. */
final class SamplesOfAllTypes {
  private SamplesOfAllTypes() {}

  static SignalDescriptor renamed(SignalDescriptor of, String id) {
    SignalDescriptor.Builder copy =
        SignalDescriptor.value(id, of.dataType())
            .dimensions(of.dimensions())
            .members(of.members())
            .metadata(of.metadata());
    if (!of.bitFieldType().isEmpty()) {
      copy.bits(of.bitFieldType(), of.bits());
    }
    if (of.postScaling() != null) {
      copy.postScaling(of.postScaling().offset(), of.postScaling().scale());
    }
    return copy.build();
  }

  static Map<SignalDescriptor, Object> all() {
    SignalDescriptor struct =
        SignalDescriptor.value("x", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("id", DataTypes.UINT32),
                    new StructMember("f", DataTypes.REAL64)))
            .build();
    StructBuffer records = StructBuffer.allocate(StructLayout.of(struct), 3);
    for (int i = 0; i < 3; i++) {
      records.add().setLong(0, i).setDouble(1, i + 0.5);
    }
    Map<SignalDescriptor, Object> all = new java.util.HashMap<>();
    all.put(value("x", DataTypes.INT8), new byte[] {1, -1, 127});
    all.put(value("x", DataTypes.UINT8), new byte[] {1, -1, 127});
    all.put(value("x", DataTypes.INT16), new short[] {1, -1, 3});
    all.put(value("x", DataTypes.UINT16), new short[] {1, -1, 3});
    all.put(value("x", DataTypes.INT32), new int[] {1, -1, 3});
    all.put(value("x", DataTypes.UINT32), new int[] {1, -1, 3});
    all.put(value("x", DataTypes.INT64), new long[] {1, -1, Long.MIN_VALUE});
    all.put(value("x", DataTypes.UINT64), new long[] {1, -1, 3});
    all.put(value("x", DataTypes.INT128), new long[] {1, 0, -1, -1, 3, 4});
    all.put(value("x", DataTypes.UINT128), new long[] {1, 0, -1, -1, 3, 4});
    all.put(value("x", DataTypes.REAL32), new float[] {1, Float.NaN, -0f});
    all.put(value("x", DataTypes.REAL64), new double[] {1, Double.NEGATIVE_INFINITY, 3});
    all.put(value("x", DataTypes.COMPLEX32), new float[] {1, -1, 2, -2, 3, -3});
    all.put(value("x", DataTypes.COMPLEX64), new double[] {1, -1, 2, -2, 3, -3});
    all.put(value("x", DataTypes.BINARY), new byte[][] {{1}, {2, 3}, new byte[300]});
    all.put(SignalDescriptor.text("x").build(), new String[] {"a", "\u00e4", "\ud83d\ude00"});
    all.put(
        SignalDescriptor.value("x", DataTypes.BIT_FIELD)
            .bits(DataTypes.UINT16, List.of(new Bit(0, "", "door")))
            .build(),
        new short[] {1, 0, -1});
    all.put(
        SignalDescriptor.value("x", DataTypes.REAL32)
            .dimensions(List.of(new Dimension.Linear("f", 0, 0.5, 2, Unit.NONE)))
            .build(),
        new float[] {1, 2, 3, 4, 5, 6});
    all.put(
        SignalDescriptor.value("x", DataTypes.INT16).postScaling(1, 0.5).build(),
        new short[] {1, -2, 3});
    all.put(struct, records);
    return all;
  }

  private static SignalDescriptor value(String id, String type) {
    return SignalDescriptor.value(id, type).build();
  }
}
