/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.protocol.SignalDocument.Parsed;
import org.daqstream.signal.api.Rule;
import org.junit.Test;

/** Parts of a document that come later (protocol section 3.1). */
public class SignalDocumentUpdateTest extends SignalDocumentBench {
  @Test
  public void partialUpdateIsMerged() throws ProtocolException { // case 75
    ObjectNode first = (ObjectNode) Bytes.message(Captured.LT_DOMAIN_SIGNAL).params();
    ObjectNode known = SignalDocument.merge("t", null, first, Limits.DEFAULT);
    ObjectNode merged =
        SignalDocument.merge(
            "t", known, (ObjectNode) json("{'definition':{'linear':{'delta':5}}}"), Limits.DEFAULT);
    Parsed parsed = parse("t", merged);
    assertEquals(
        parse("t", first).descriptor().toBuilder().rule(new Rule.Linear(5)).build(),
        parsed.descriptor());
    assertEquals("configured_signal_table", parsed.tableId());
    assertEquals(first, known);
  }

  @Test
  public void updateWithoutValueIndexTellsNone() throws ProtocolException { // case 75
    ObjectNode first =
        (ObjectNode) json("{'definition':{'dataType':'int8'},'valueIndex':5000,'tableId':'t'}");
    ObjectNode merged =
        SignalDocument.merge("v", first, (ObjectNode) json("{'tableId':'u'}"), Limits.DEFAULT);
    assertEquals(OptionalLong.empty(), parse("v", merged).valueIndex());
    assertEquals("u", parse("v", merged).tableId());
    assertEquals(OptionalLong.of(5000), parse("v", first).valueIndex());
  }

  @Test
  public void nilAndListsReplace() throws ProtocolException { // case 75
    ObjectNode first =
        (ObjectNode)
            json(
                "{'definition':{'dataType':'int8','range':{'low':1,'high':2}},'relatedSignals':[1]}");
    ObjectNode merged =
        SignalDocument.merge(
            "v",
            first,
            (ObjectNode) json("{'definition':{'range':null},'relatedSignals':[]}"),
            Limits.DEFAULT);
    assertNull(parse("v", merged).descriptor().range());
    assertEquals(0, merged.path("relatedSignals").size());
  }

  @Test
  public void updatesCannotGrowADocumentWithoutBound() throws ProtocolException {
    Limits tight = new Limits(1000, 1000, 8, 50, 100);
    ObjectNode[] known = new ObjectNode[1];
    for (int i = 0; i < 10; i++) {
      known[0] = SignalDocument.merge("v", known[0], update(i), tight);
    }
    ProtocolException e =
        assertThrows(
            ProtocolException.class,
            () -> {
              for (int i = 10; i < 100; i++) {
                known[0] = SignalDocument.merge("v", known[0], update(i), tight);
              }
            });
    assertEquals(Kind.LIMIT, e.kind());
    assertTrue("keys kept: " + known[0].size(), known[0].size() < 50);
  }

  private static ObjectNode update(int number) {
    return (ObjectNode) json("{'k" + number + "':{'x':1}}");
  }
}
