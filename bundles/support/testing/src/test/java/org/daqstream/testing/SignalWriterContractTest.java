/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.ToyWriterFactory.Flaw;
import org.junit.Test;
import org.junit.runner.JUnitCore;

/**
 * A writer that holds the contract passes it; one that breaks a rule fails where that is tested.
 */
public class SignalWriterContractTest {
  private static Flaw flaw;

  /** What the author of the toy writer would write; run by the tests below. */
  public static final class ToyWriter extends SignalWriterContract {
    /** With the flaw that is to be found. */
    public ToyWriter() {
      super(new ToyWriterFactory(flaw));
    }

    @Override
    protected List<AcceptedSignal> accepted() {
      return List.of(
          AcceptedSignal.of(
              SignalDescriptor.value("s", "toy").unit(Unit.PERCENT),
              new double[] {1, 258, -2},
              "01 00",
              "02 01",
              "fe ff"));
    }

    @Override
    protected Map<String, SignalDescriptor.Builder> refused() {
      return Map.of("unit 'V'", SignalDescriptor.value("s", "toy").unit(Unit.VOLT));
    }
  }

  private static void assertFails(Flaw broken, String... tests) {
    flaw = broken;
    Set<String> failed =
        JUnitCore.runClasses(ToyWriter.class).getFailures().stream()
            .map(failure -> failure.getDescription().getMethodName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(broken + " fails", new TreeSet<>(Set.of(tests)), failed);
  }

  @Test
  public void aWriterWithoutFlawPasses() {
    assertFails(Flaw.NONE);
  }

  @Test
  public void wrongBytesAreFound() {
    String[] all = {
      "samplesHaveTheirBytes",
      "everyPartOfABlockIsEncodedAlike",
      "onlyThePlaceInTheTargetIsWritten",
      "samplesAreLeftAsTheyAre",
      "samplesTakeNoMoreRoomThanTheyNeed"
    };
    assertFails(Flaw.BIG_ENDIAN, all);
    assertFails(
        Flaw.BIG_ENDIAN_IN_LONG_BLOCKS,
        "everyPartOfABlockIsEncodedAlike",
        "onlyThePlaceInTheTargetIsWritten");
    assertFails(
        Flaw.IGNORES_OFFSET,
        "everyPartOfABlockIsEncodedAlike",
        "onlyThePlaceInTheTargetIsWritten",
        "samplesTakeNoMoreRoomThanTheyNeed");
  }

  @Test
  public void aWrongPlaceInTheTargetIsFound() {
    assertFails(
        Flaw.IGNORES_POSITION,
        "onlyThePlaceInTheTargetIsWritten",
        "samplesTakeNoMoreRoomThanTheyNeed");
    assertFails(Flaw.FILLS_THE_ROOM, "samplesTakeNoMoreRoomThanTheyNeed");
    assertFails(
        Flaw.WRITES_ALSO_BEHIND,
        "aTargetWithTooLittleRoomIsNotOverrun",
        "onlyThePlaceInTheTargetIsWritten");
    assertFails(
        Flaw.LEAVES_ANOTHER_ORDER,
        "onlyThePlaceInTheTargetIsWritten",
        "samplesTakeNoMoreRoomThanTheyNeed");
    assertFails(
        Flaw.NEEDS_AN_ARRAY,
        "aTargetWithTooLittleRoomIsNotOverrun",
        "encodingAllocatesNothing",
        "onlyThePlaceInTheTargetIsWritten");
    assertFails(Flaw.OVERRUNS_THE_LIMIT, "aTargetWithTooLittleRoomIsNotOverrun");
  }

  @Test
  public void wrongSizesAreFound() {
    assertFails(Flaw.NO_BOUNDS, "aNewSampleHoldsOneNumber", "blocksOutsideTheSamplesAreRefused");
    assertFails(Flaw.BOUNDS_OVERFLOW, "blocksOutsideTheSamplesAreRefused");
    assertFails(Flaw.OTHER_SAMPLE_BYTES, "aNewSampleHoldsOneNumber", "sizesAreToldBeforehand");
  }

  @Test
  public void wrongRefusalsAreFound() {
    assertFails(Flaw.TAKES_ANY_KIND, "samplesOfAnotherKindAreRefusedInWords");
    assertFails(Flaw.REFUSES_KINDS_WITHOUT_WORDS, "samplesOfAnotherKindAreRefusedInWords");
    assertFails(Flaw.TAKES_ANY_UNIT, "signalsThatCannotBeAreRefusedByName");
    assertFails(Flaw.REFUSES_UNITS_WITHOUT_WORDS, "signalsThatCannotBeAreRefusedByName");
  }

  @Test
  public void whatIsSharedOrChangesIsFound() {
    assertFails(Flaw.ALLOCATES, "encodingAllocatesNothing");
    assertFails(
        Flaw.CHANGES_SAMPLES,
        "everyPartOfABlockIsEncodedAlike",
        "onlyThePlaceInTheTargetIsWritten",
        "samplesAreLeftAsTheyAre");
    assertFails(Flaw.ONE_NEW_SAMPLE, "aNewSampleHoldsOneNumber");
    assertFails(Flaw.ONE_WRITER, "everySignalHasAWriterOfItsOwn");
    assertFails(Flaw.OPEN_DEFINITION, "theDefinitionIsPlainAndStays");
    assertFails(Flaw.CHANGING_DEFINITION, "theDefinitionIsPlainAndStays");
    assertFails(Flaw.DEFINITION_WITH_OBJECTS, "theDefinitionIsPlainAndStays");
  }
}
