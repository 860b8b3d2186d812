/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.ToyTransport.Flaw;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.runner.JUnitCore;

/** A transport that holds the contract passes it; one that breaks a rule fails where it should. */
public class StreamTransportContractTest {
  /** For a test that waits in vain, because of the flaw. */
  private static final long IN_VAIN_MS = 200;

  /** For one that may fail, too. */
  private static final long SHORT_MS = 1_000;

  private static Flaw flaw;
  private static Set<String> failing = Set.of();
  private static boolean othersMayFail;

  /** What the author of the toy transport would write; run by the tests below. */
  public static final class Toy extends StreamTransportContract {
    @Rule public final TestName test = new TestName();

    /** With the flaw that is to be found. */
    public Toy() {
      super(new ToyTransport(flaw));
    }

    @Override
    protected Map<String, Object> inputParameters(int port) {
      return new HashMap<>(Map.of("port", port));
    }

    @Override
    protected Map<String, Object> outputParameters(int port) {
      return inputParameters(port);
    }

    @Override
    protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
      return Map.of("port", inputParameters(-1));
    }

    @Override
    protected int longestMessageBytes() {
      return ToyTransport.LONGEST_MESSAGE;
    }

    @Override
    protected long timeoutMs() {
      if (failing.contains(test.getMethodName())) {
        return IN_VAIN_MS;
      }
      return othersMayFail ? SHORT_MS : super.timeoutMs();
    }
  }

  private static Set<String> failuresOf(Flaw broken, Set<String> tests, boolean orMore) {
    flaw = broken;
    failing = tests;
    othersMayFail = orMore;
    return JUnitCore.runClasses(Toy.class).getFailures().stream()
        .map(failure -> failure.getDescription().getMethodName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertFails(Flaw broken, String... tests) {
    Set<String> wanted = new TreeSet<>(Set.of(tests));
    assertEquals(broken + " fails", wanted, failuresOf(broken, wanted, false));
  }

  /** For flaws that show in other tests, too, if it so happens. */
  private static void assertFailsAtLeast(Flaw broken, String... tests) {
    Set<String> failed = failuresOf(broken, Set.of(tests), true);
    assertTrue(broken + " fails " + failed, failed.containsAll(Set.of(tests)));
  }

  @Test
  public void aTransportWithoutFlawPasses() {
    assertFails(Flaw.NONE);
  }

  @Test
  public void flawsOfParametersAndAddressesAreFound() {
    assertFails(Flaw.NAMES_ANOTHER_KEY, "wrongParametersAreNamed");
    assertFails(Flaw.REFUSES_UNKNOWN_KEYS, "unknownParametersAreIgnored");
    assertFails(Flaw.VALIDATES_BY_CONNECTING, "validatingTouchesNoNetwork");
    assertFails(Flaw.SHARES_ITS_ADDRESS, "anAddressThatIsTakenIsAnError");
    assertFails(
        Flaw.KEEPS_ITS_ADDRESS,
        "anAddressIsFreeWhenItsInputHasClosed",
        "anOutputFindsAnInputThatComesBack",
        "threadsEnd");
  }

  @Test
  public void flawsOfAnOutputAreFound() {
    assertFails(Flaw.MOVES_THE_POSITION, "anOfferedMessageIsCopied");
    assertFailsAtLeast(Flaw.KEEPS_THE_BUFFER, "anOfferedMessageIsCopied");
    assertFailsAtLeast(
        Flaw.LOSES_ORDER, "aSinkThatIsFullStopsTheReading", "messagesArriveInOrderAndUnchanged");
    assertFailsAtLeast(Flaw.CUTS_MESSAGES, "messagesArriveInOrderAndUnchanged");
    assertFails(Flaw.DROPS_EMPTY_MESSAGES, "messagesArriveInOrderAndUnchanged");
    assertFailsAtLeast(
        Flaw.DROPS_WHEN_FULL, "aFullQueueRefusesAtOnce", "aSinkThatIsFullStopsTheReading");
    assertFails(Flaw.TOO_BIG_IS_AN_ERROR, "aMessageThatCouldNeverBeQueuedIsTooBig");
    assertFails(Flaw.IGNORES_THE_BUDGET, "memoryComesFromTheBudgetAndGoesBack");
    assertFails(Flaw.KEEPS_THE_MEMORY, "memoryComesFromTheBudgetAndGoesBack");
    assertFails(Flaw.MISCOUNTS, "statisticsAddUp");
  }

  @Test
  public void flawsOfAnInputAreFound() {
    assertFails(Flaw.IGNORES_FALSE, "aSinkThatIsFullStopsTheReading");
    assertFails(Flaw.LOSES_AN_EARLY_RESUME, "aResumeMayOvertakeTheRefusal");
    assertFails(Flaw.ADDS_RESUMES_UP, "aSinkThatIsFullStopsTheReading");
    assertFails(Flaw.USES_A_PEER_AGAIN, "peersAreToldUpAndDown");
    assertFails(Flaw.DOES_NOT_TELL_OF_ENDS, "peersAreToldUpAndDown");
    assertFailsAtLeast(Flaw.FAILS_WITH_A_PEER, "peersAreToldUpAndDown");
  }

  @Test
  public void flawsOfClosingAreFound() {
    assertFailsAtLeast(Flaw.GIVES_UP_AT_ONCE, "closingReportsWhatIsLost");
    assertFails(Flaw.HIDES_LOSS, "closingReportsWhatIsLost");
    assertFails(
        Flaw.TAKES_MESSAGES_AFTER_CLOSE,
        "closingSendsWhatIsQueued",
        "closingWithNothingQueuedIsImmediate");
    assertFails(Flaw.CALLS_AFTER_CLOSE, "aClosedInputCallsNobody");
    assertFails(Flaw.SWALLOWS_AN_INTERRUPT, "anInterruptHarmsNothing");
    assertFails(
        Flaw.LEAVES_A_THREAD, "aClosedInputCallsNobody", "anInterruptHarmsNothing", "threadsEnd");
  }
}
