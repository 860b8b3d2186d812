/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Before;
import org.junit.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The groups of {@code bundles/} meet at the APIs, as docs/architecture.md draws it. */
public class GroupsTest {
  private static final String FENCE = "```";

  /** Is a test of what is exported, by whichever group. */
  private static final String BASELINE = "baseline";

  /** A folder with the group that it is in, and what its pom says. */
  private record Module(String group, String name, Element pom) {}

  private final Map<String, Module> modules = new TreeMap<>();

  @Before
  public void readPoms() throws Exception {
    for (Path file : Repository.files("pom.xml")) {
      Path folder = Repository.ROOT.resolve("bundles").relativize(file.getParent());
      if (folder.getNameCount() == 2 && !folder.startsWith("..")) {
        Element pom =
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        String group = folder.getName(0).toString();
        modules.put(
            text(pom, "artifactId"), new Module(group, folder.getFileName().toString(), pom));
      }
    }
  }

  private static String text(Element parent, String child) {
    return children(parent, child).get(0).getTextContent();
  }

  private static List<Element> children(Element parent, String name) {
    NodeList all = parent.getChildNodes();
    return IntStream.range(0, all.getLength())
        .mapToObj(all::item)
        .filter(node -> node.getNodeName().equals(name))
        .map(Element.class::cast)
        .toList();
  }

  /** Dependencies on modules of ours. */
  private List<Module> known(Module module) {
    return children(module.pom, "dependencies").stream()
        .flatMap(list -> children(list, "dependency").stream())
        .map(dependency -> modules.get(text(dependency, "artifactId")))
        .filter(known -> known != null)
        .toList();
  }

  @Test
  public void groupsKnowTheApisAndWhatTheyEmbedAndNoOtherGroup() {
    List<String> wrong = new ArrayList<>();
    for (Module module : modules.values()) {
      if (module.name.equals(BASELINE)) {
        continue;
      }
      List<String> allowed =
          module.group.equals("api") ? List.of("api") : List.of("api", "support", module.group);
      known(module).stream()
          .filter(known -> !allowed.contains(known.group))
          .map(known -> module.name + " of " + module.group + " knows " + known.name)
          .forEach(wrong::add);
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  public void theDrawingHasEveryModule() throws IOException {
    String page = Files.readString(Repository.ROOT.resolve("docs/architecture.md"));
    int start = page.indexOf(FENCE, page.indexOf("## 2 Groups")) + FENCE.length();
    String drawing = page.substring(start, page.indexOf(FENCE, start));
    Set<String> drawn =
        Pattern.compile("[\\s:]+").splitAsStream(drawing).collect(Collectors.toSet());
    List<String> missing =
        modules.values().stream()
            .map(Module::name)
            .filter(name -> !drawn.contains(name))
            .filter(name -> !drawn.contains(name.replaceFirst("-.*", "-*")))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  public void noTwoClassesHaveOneName() throws IOException {
    Map<String, Long> names =
        Repository.files(".java").stream()
            .map(Path::toString)
            .filter(file -> file.contains("/src/main/java/"))
            .map(file -> file.replaceFirst(".*/", ""))
            .filter(name -> !Set.of("package-info.java", "Settings.java").contains(name))
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    names.values().removeIf(count -> count == 1);
    assertEquals(Map.of(), names);
  }
}
