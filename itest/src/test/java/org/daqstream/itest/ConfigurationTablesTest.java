/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Test;
import org.w3c.dom.Document;

/** The rules of configuration are noticed when they are broken. */
public class ConfigurationTablesTest {
  private static final String COMPONENT =
      "<component name='X' configuration-pid='org.daqstream.x'/>";
  private static final String KEYS =
      """
      <AD id='path' type='String' name='Path' description='Where' default=''/>
      <AD id='rateHz' type='Integer' name='Rate' description='How often' min='1' max='9' default='5'/>
      """;
  private static final List<String> PAGE =
      List.of(
          "# All of `org.daqstream.x`",
          "",
          "| key | default | allowed | meaning |",
          "|---|---|---|---|",
          "| `path` * | the home | a path | Where, `a|b` say. |",
          "| `rateHz` | 5 | 1 to 9 | How often. |",
          "",
          "| byte | what |",
          "|---|---|",
          "| `other` | 3 |");

  private final ConfigurationTables tables = new ConfigurationTables();

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Document metatype(String keys) throws Exception {
    return xml(
        """
        <MetaData>
          <OCD id='C' name='X' description='All of X'>%s</OCD>
          <Designate pid='org.daqstream.x'><Object ocdref='C'/></Designate>
        </MetaData>
        """
            .formatted(keys));
  }

  private void assertViolations(String... expected) {
    assertEquals(List.of(expected), new ArrayList<>(tables.violations()));
  }

  @Test
  public void acceptsATableThatSaysWhatTheCodeSays() throws Exception {
    tables.readComponent("x", xml(COMPONENT));
    tables.readMetatype("x", metatype(KEYS));
    tables.readPage("README.md", PAGE);
    assertViolations();
  }

  @Test
  public void findsAPidWithoutMetatype() throws Exception {
    tables.readComponent("x", xml(COMPONENT));
    assertViolations("x, PID org.daqstream.x has no metatype: add @Designate to its component");
  }

  @Test
  public void findsAPidWithoutTableAndWritesIt() throws Exception {
    tables.readMetatype("x", metatype(KEYS));
    assertViolations(
        """
        PID org.daqstream.x has no table: add to the README.md of its bundle a heading with \
        `org.daqstream.x` (factory: `org.daqstream.x-<name>`) and below it
        | key | default | allowed | meaning |
        |---|---|---|---|
        | `path` | empty |  | … |
        | `rateHz` | 5 | 1 to 9 | … |\
        """);
  }

  @Test
  public void findsKeysWithoutNameDescriptionOrBounds() throws Exception {
    tables.readMetatype(
        "x",
        metatype(
            """
            <AD id='path' type='String' default=''/>
            <AD id='rateHz' type='Integer' name='Rate' description='How often' default='5'/>
            <AD id='n' type='Integer' name='N' description='N' default='1'>
              <Option label='One' value='1'/></AD>
            """));
    List<String> page = new ArrayList<>(PAGE);
    page.add(6, "| `n` | 1 | 1 | A choice. |");
    tables.readPage("README.md", page);
    assertViolations(
        "x, PID org.daqstream.x, key path has no name: add it to the @AttributeDefinition",
        "x, PID org.daqstream.x, key path has no description: add it to the @AttributeDefinition",
        "x, PID org.daqstream.x, key rateHz has no min: add it to the @AttributeDefinition",
        "x, PID org.daqstream.x, key rateHz has no max: add it to the @AttributeDefinition");
  }

  @Test
  public void findsWhatATableMissesHasTooMuchOrSaysWrong() throws Exception {
    tables.readMetatype("x", metatype(KEYS));
    tables.readPage(
        "README.md",
        List.of(
            "### `org.daqstream.x-<name>`: X",
            "| key | default | meaning |",
            "|---|---|---|",
            "| `rateHz` | 50 | How often. |",
            "| `gone` | 1 | Was there. |"));
    assertViolations(
        "README.md, table of org.daqstream.x has no column 'allowed'",
        "README.md, table of org.daqstream.x misses the key: | `path` | empty |  | … |",
        "README.md, table of org.daqstream.x: default of rateHz is '5', not '50'",
        "README.md, table of org.daqstream.x has the key gone, which the bundle has not");
  }

  @Test
  public void findsWrongBoundsAndChoices() throws Exception {
    tables.readMetatype(
        "x",
        metatype(
            KEYS
                + """
                <AD id='form' type='String' name='Form' description='How' default='raw'>
                  <Option label='Raw' value='raw'/><Option label='Fine' value='fine'/></AD>
                """));
    List<String> page = new ArrayList<>(PAGE);
    page.set(5, "| `rateHz` | 5 | 1 to 10 | How often. |");
    page.add(6, "| `form` | `raw` | `raw` | How. |");
    tables.readPage("README.md", page);
    assertViolations(
        "README.md, table of org.daqstream.x: allowed of rateHz is '1 to 9', not '1 to 10'",
        "README.md, table of org.daqstream.x: allowed of form is 'raw, fine', not '`raw`'");
  }

  @Test
  public void findsWhatASampleFileMissesHasTooMuchOrSaysWrong() throws Exception {
    tables.readMetatype("x", metatype(KEYS));
    tables.readPage("README.md", PAGE);
    tables.readSample(
        "org.daqstream.x-demo.cfg.sample", List.of("# Where = it is.", "# rateHz = 6", "gone = 1"));
    tables.readSample("org.daqstream.x.cfg", List.of("path = /", "rateHz = 6"));
    tables.readSample("org.daqstream.y.cfg", List.of());
    assertViolations(
        "org.daqstream.x-demo.cfg.sample has the key Where, which the bundle has not",
        "org.daqstream.x-demo.cfg.sample: default of rateHz is '5', not '6'",
        "org.daqstream.x-demo.cfg.sample has the key gone, which the bundle has not",
        "org.daqstream.x-demo.cfg.sample does not show the key path",
        "org.daqstream.y.cfg is for no PID of a bundle");
  }

  @Test
  public void findsWhatASampleFileShowsAndTheBundleRefuses() throws Exception {
    tables.readMetatype(
        "x",
        metatype(
            KEYS
                + """
                <AD id='form' type='String' name='Form' description='How' default='raw'>
                  <Option label='Raw' value='raw'/><Option label='Fine' value='fine'/></AD>
                """));
    List<String> page = new ArrayList<>(PAGE);
    page.add(6, "| `form` | `raw` | `raw`, `fine` | How. |");
    tables.readPage("README.md", page);
    tables.readSample(
        "org.daqstream.x-a.cfg.sample",
        List.of("path = /", "# 0 to 9", "# A second, 1 to 9.", "rateHz = 9", "form = fine, raw"));
    tables.readSample(
        "org.daqstream.x-b.cfg.sample",
        List.of("path = /", "# A second, 1 to 1000.", "rateHz = 10", "form = fin"));
    assertViolations(
        "org.daqstream.x-b.cfg.sample: rateHz = 10 is not allowed, 1 to 9 is",
        "org.daqstream.x-b.cfg.sample: allowed of rateHz is '1 to 9', not '1 to 1000'",
        "org.daqstream.x-b.cfg.sample: form = fin is not allowed, raw, fine is");
  }

  @Test
  public void findsTwoTablesAndTablesOfNothing() throws Exception {
    tables.readMetatype("x", metatype(KEYS));
    tables.readPage("README.md", PAGE);
    tables.readPage("bundles/x/README.md", PAGE);
    tables.readPage(
        "bundles/y/README.md", List.of("# `org.daqstream.y`", "| key | default | meaning |"));
    assertViolations(
        "PID org.daqstream.x has a table in each of [README.md, bundles/x/README.md]: keep one",
        "[bundles/y/README.md] has a table for org.daqstream.y, which no bundle has");
  }
}
