/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.ProviderCommands;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.StubServices;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleStatus.State;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StreamCommandsTest {
  private static final StreamDefinition FRAMES =
      new StreamDefinition("frames", "posix", StreamDirection.OUT, Map.of("port", "5555"));
  private static final StreamDefinition COMMANDS =
      new StreamDefinition("commands", "posix", StreamDirection.IN, Map.of());
  private static final StreamDefinition STRANGE =
      new StreamDefinition("strange", "zmq", StreamDirection.IN, Map.of());
  private static final StreamDefinition BUSY =
      new StreamDefinition("busy", "posix", StreamDirection.IN, Map.of());

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final StubServices services = new StubServices();
  private final StubRegister register = new StubRegister();

  @Before
  public void deploy() {
    services.register = register;
    register.instances.put("camera", List.of(FRAMES, COMMANDS, STRANGE, BUSY));
    register.sources.put("cameras.json", Set.of("camera"));
  }

  private String refused(DeclaredCommand command, String... arguments) {
    return assertThrows(CommandException.class, () -> services.run(command, arguments))
        .getMessage();
  }

  private static StreamInfo open(StreamDefinition definition, String ended, int port) {
    StreamStatistics statistics =
        new StreamStatistics(12, 65_536, 3, 99, 0, 1, 7, 2, 1, 1, 0, "reset by peer");
    return new StreamInfo("camera", 4, definition, ended, port, statistics);
  }

  @Test
  public void streamsAreListedOpenAndClosed() throws Exception {
    register.open.add(open(FRAMES, "", -1));
    register.open.add(open(COMMANDS, "", 5555));
    register.open.add(
        open(
            new StreamDefinition("old", "posix", StreamDirection.OUT, Map.of()),
            "the manifest changed its definition",
            -1));
    assertEquals(
        """
        INSTANCE  STREAM    DIR  TYPE   SOURCE        STATE                                       PORT  PEERS  MESSAGES    BYTES  QUEUED  LOST  LAST ERROR
        camera    frames    out  posix  cameras.json  open                                           -      1        12  65.5 kB       3     1  reset by peer
        camera    commands  in   posix  cameras.json  open                                        5555      1        12  65.5 kB       3     1  reset by peer
        camera    strange   in   zmq    cameras.json  no transport                                   -      -         -        -       -     -  -
        camera    busy      in   posix  cameras.json  closed                                         -      -         -        -       -     -  -
        camera    old       out  posix  cameras.json  ended: the manifest changed its definition     -      1        12  65.5 kB       3     1  reset by peer
        """,
        services.run(ListStreams.command(services)));
    assertEquals(3, register.open.size());
    assertEquals("", services.run(ListStreams.command(services), "collector"));
    assertEquals("none of 5 streams\n", services.err());
  }

  @Test
  public void modulesAreListed() throws Exception {
    assertEquals("", services.run(ListModules.command(services)));
    assertEquals("there are none\n", services.err());
    services.modules.add(
        new ModuleStatus(
            "filter", "wasm", State.RUNNING, "", "", "", 0, 131_072, 2_500_000_000L, 7, 1, 2));
    services.modules.add(
        new ModuleStatus(
            "other", "remote", State.FAILED, "it has gone", "", "daq", 4711, -1, -1, 0, 3, 0));
    assertEquals(
        """
        INSTANCE  KIND    STATE    PROCESS  USER  MEMORY    BUSY  EVENTS  FAILURES  UPDATES  REASON
        filter    wasm    running        -  -     131 kB  2.50 s       7         1        2  -
        other     remote  failed      4711  daq        -       -       0         3        0  it has gone
        """,
        services.run(ListModules.command(services)));
    String json = services.run(ListModules.command(services), "filter", "--json");
    assertTrue(json, json.contains("\"busySeconds\":2.5"));
  }

  @Test
  public void streamsAsJson() throws Exception {
    register.instances.put("camera", List.of(FRAMES));
    register.open.add(open(FRAMES, "", -1));
    assertEquals(
        "[\n"
            + "{\"instance\":\"camera\",\"stream\":\"frames\",\"direction\":\"out\",\"type\":\"posix\","
            + "\"source\":\"cameras.json\",\"state\":\"open\",\"handle\":4,\"boundPort\":null,"
            + "\"parameters\":{\"port\":\"5555\"},\"statistics\":{\"messages\":12,\"bytes\":65536,"
            + "\"queuedMessages\":3,\"queuedBytes\":99,\"rejected\":0,\"lostMessages\":1,"
            + "\"lostBytes\":7,\"connects\":2,\"disconnects\":1,\"peers\":1,\"pauses\":0,\"lastError\":\"reset"
            + " by peer\"}}\n"
            + "]\n",
        services.run(ListStreams.command(services), "--json"));
  }

  @Test
  public void typesAreListedWithThoseThatNobodyCarries() throws Exception {
    services.transports.add(
        new Services.Provider(List.of("posix"), 0, 9, "org.daqstream.transport.posix 0.1.0"));
    assertEquals(
        """
        TYPE   STREAMS  RANKING  SERVICE  BUNDLE
        posix        3        0        9  org.daqstream.transport.posix 0.1.0
        zmq          1        -        -  no transport
        """,
        services.run(ProviderCommands.streamTypes(services)));
    register.instances.clear();
    assertEquals(
        """
        [
        {"type":"posix","streams":0,"ranking":0,"serviceId":9,"bundle":"org.daqstream.transport.posix 0.1.0"}
        ]
        """,
        services.run(ProviderCommands.streamTypes(services), "--json"));
  }

  @Test
  public void aTextIsSentAndTheStreamClosed() throws Exception {
    assertEquals(
        "sent 11 B over posix\n",
        services.run(SendMessage.command(services), "camera", "frames", "hello", "world"));
    assertEquals(
        List.of(
            "client camera",
            "out frames",
            "write 68656c6c6f20776f726c64",
            "close 5000",
            "close client"),
        register.log);
  }

  @Test
  public void bytesAndFilesAreSent() throws Exception {
    assertEquals(
        "{\"instance\":\"camera\",\"stream\":\"frames\",\"type\":\"posix\",\"bytes\":2}\n",
        services.run(SendMessage.command(services), "camera", "frames", "--hex", "00fF", "--json"));
    Path file = folder.newFile().toPath();
    Files.write(file, new byte[] {1, 2});
    services.run(SendMessage.command(services), "camera", "frames", "--file", file.toString());
    assertEquals(
        List.of("write 00ff", "write 0102"),
        register.log.stream().filter(line -> line.startsWith("write")).toList());
  }

  @Test
  public void whatCannotBeSentIsToldWithItsCause() {
    DeclaredCommand send = SendMessage.command(services);
    assertEquals("give one of: TEXT, --hex DIGITS, --file FILE", refused(send, "camera", "frames"));
    assertEquals(
        "--hex '0': allowed are pairs of digits 0 to f",
        refused(send, "camera", "frames", "--hex", "0"));
    assertEquals(
        "no instance 'camrea' in any manifest; did you mean 'camera'?",
        refused(send, "camrea", "frames", "x"));
    assertEquals(
        "instance 'camera' has no stream 'frame'; did you mean 'frames'?",
        refused(send, "camera", "frame", "x"));
    assertEquals(
        "stream 'commands' of instance 'camera' has the direction 'in', needed is 'out'",
        refused(send, "camera", "commands", "x"));
    assertEquals(List.of(), register.log);
    register.statistics =
        new StreamStatistics(0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, "Connection refused");
    register.closeResult = new CloseResult(StreamResult.TIMEDOUT, 1, 1);
    assertEquals(
        "not sent within 0.5 s: Connection refused",
        refused(send, "camera", "frames", "x", "--seconds", "0.5"));
    register.writeResult = StreamResult.TOOBIG;
    assertEquals(
        "the message of 1 B is larger than the stream's queue",
        refused(send, "camera", "frames", "x"));
    register.writeResult = StreamResult.OK;
    register.ended = "its transport left";
    assertEquals("the stream ended: its transport left", refused(send, "camera", "frames", "x"));
    assertEquals("close client", register.log.get(register.log.size() - 1));
  }

  @Test
  public void whatComesIsShownAsTextOrDigits() throws Exception {
    register.events.add((data, listener) -> listener.peerUp(3, "192.0.2.7:4711"));
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap("grün".getBytes(UTF_8))));
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap(new byte[] {-1, 1})));
    register.events.add((data, listener) -> data.data(3, ByteBuffer.allocate(300)));
    String shown = services.run(TailStream.command(services), "camera", "commands", "-n", "3");
    assertEquals(
        "T  192.0.2.7:4711  5 B  grün\n"
            + "T  192.0.2.7:4711  2 B  0xff01\n"
            + "T  192.0.2.7:4711  300 B  "
            + "0x"
            + "00".repeat(200)
            + "…\n",
        shown.replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z", "T"));
    assertEquals("listening on port 5555\nconnected: 192.0.2.7:4711\n", services.err());
    assertEquals(List.of("client camera", "in commands", "close 0", "close client"), register.log);
  }

  @Test
  public void aTextThatIsCutWithinACharacterStaysText() throws Exception {
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap("aü\n".getBytes(UTF_8))));
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap("aü\n".getBytes(UTF_8))));
    register.events.add((data, listener) -> listener.peerDown(3, "left"));
    DeclaredCommand tail = TailStream.command(services);
    assertTrue(
        services
            .run(tail, "camera", "commands", "-n", "1", "--bytes", "2")
            .endsWith("  4 B  a…\n"));
    assertTrue(services.run(tail, "camera", "commands", "-n", "1").endsWith("  4 B  aü\\n\n"));
  }

  @Test
  public void whatIsNoFileIsNotReadForItMayBeEndless() throws Exception {
    String device = "/dev/zero";
    assertEquals(
        "'/dev/zero' is no regular file",
        refused(SendMessage.command(services), "camera", "frames", "--file", device));
    assertEquals(
        "'/dev/zero' is no regular file", refused(ManifestCommands.deploy(services), device));
    Path large = folder.newFile("large.json").toPath();
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength((16 << 20) + 1);
    }
    assertEquals(
        "file '" + large + "' is larger than 16777216 B",
        refused(ManifestCommands.deploy(services), large.toString()));
  }

  @Test
  public void filesAreCompleted() throws Exception {
    Path root = folder.newFolder("manifests").toPath();
    Files.createDirectory(root.resolve("old"));
    Files.createFile(root.resolve("other.json"));
    Files.createFile(root.resolve("echo.json"));
    DeclaredCommand deploy = ManifestCommands.deploy(services);
    assertEquals(
        Set.of(root + "/old/", root + "/other.json"),
        Set.copyOf(deploy.complete(List.of("--name", "x", root + "/o"))));
    assertEquals(List.of(), deploy.complete(List.of("--name", root + "/o")));
    assertEquals(List.of(), deploy.complete(List.of(root + "/nothing/")));
    assertEquals(
        List.of(root + "/echo.json"),
        SendMessage.command(services).complete(List.of("camera", "frames", "--file", root + "/e")));
  }

  @Test
  public void whatComesAsJson() throws Exception {
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap(new byte[] {65, 66})));
    register.events.add((data, listener) -> data.data(4, ByteBuffer.wrap(new byte[] {-1, 1})));
    String shown =
        services.run(
            TailStream.command(services),
            "camera",
            "commands",
            "-n",
            "2",
            "--json",
            "--bytes",
            "1");
    assertEquals(
        """
        [
        {"peer":"peer 3","bytes":2,"text":"A","complete":false},
        {"peer":"peer 4","bytes":2,"hex":"ff","complete":false}
        ]
        """,
        shown.replaceAll("\"time\":\"[^\"]*\",", ""));
  }

  @Test
  public void theEndOfATailedStreamIsToldWithItsCause() {
    DeclaredCommand tail = TailStream.command(services);
    register.events.add((data, listener) -> listener.ended("its transport left"));
    assertEquals("the stream ended: its transport left", refused(tail, "camera", "commands"));
    assertEquals("the register of streams has gone", refused(tail, "camera", "commands"));
    assertEquals("port 5555: Address already in use", refused(tail, "camera", "busy"));
    assertEquals("nothing came within 0 s", refused(tail, "camera", "commands", "--seconds", "0"));
  }

  @Test
  public void anInterruptionEndsATail() throws Exception {
    register.events.add((data, listener) -> data.data(3, ByteBuffer.wrap(new byte[] {65})));
    register.events.add((data, listener) -> Thread.currentThread().interrupt());
    services.run(TailStream.command(services), "camera", "commands", "--seconds", "9", "--json");
    assertTrue(services.out(), services.out().endsWith("\"complete\":true}\n]\n"));
    assertEquals("close client", register.log.get(register.log.size() - 1));
    register.events.add((data, listener) -> services.active = false);
    assertEquals(
        "the shell was stopped", refused(TailStream.command(services), "camera", "commands"));
  }

  @Test
  public void aManifestIsDeployedFromFileOrTextAndTakenBack() throws Exception {
    Path file = folder.newFile("cams.json").toPath();
    Files.writeString(file, "{\"instanceSpecs\":{}}");
    assertEquals(
        "deployed shell:cams: camera\n",
        services.run(ManifestCommands.deploy(services), file.toString()));
    assertEquals(
        "{\"source\":\"shell:mine\",\"instances\":[\"camera\"]}\n",
        services.run(
            ManifestCommands.deploy(services), "--text", "{}", "--name", "mine", "--json"));
    assertEquals(
        List.of("deploy shell:cams {\"instanceSpecs\":{}}", "deploy shell:mine {}"), register.log);
    assertEquals(
        """
        SOURCE        INSTANCES
        cameras.json  camera
        shell:cams    camera
        shell:mine    camera
        """,
        services.run(ManifestCommands.list(services)));
    assertEquals(
        List.of("cams", "mine"), ManifestCommands.undeploy(services).complete(List.of("")));
    assertEquals(
        "the shell deployed no 'cam'; did you mean 'cams'?",
        refused(ManifestCommands.undeploy(services), "cam"));
    assertEquals(
        "'cameras.json' was not deployed by the shell: change it where it comes from",
        refused(ManifestCommands.undeploy(services), "cameras.json"));
    assertEquals(
        "undeployed shell:cams: camera\n",
        services.run(ManifestCommands.undeploy(services), "cams"));
    assertEquals(Set.of("cameras.json", "shell:mine"), register.sources.keySet());
    assertEquals(
        "[\n{\"source\":\"cameras.json\",\"instances\":[\"camera\"]},\n"
            + "{\"source\":\"shell:mine\",\"instances\":[\"camera\"]}\n]\n",
        services.run(ManifestCommands.list(services), "--json"));
  }

  @Test
  public void aRefusedManifestIsToldWithEveryProblem() {
    register.problems.add(
        new ManifestProblem("camera", "frames", "direction", "\"up\"", "allowed are in and out"));
    DeclaredCommand deploy = ManifestCommands.deploy(services);
    String one =
        "instance 'camera', stream 'frames', key 'direction', value \"up\": allowed are in and out";
    assertEquals(
        "manifest 'shell:text' refused, nothing is changed: " + one,
        refused(deploy, "--text", "{}"));
    refused(deploy, "--text", "{}", "--json");
    assertEquals(
        "{\"source\":\"shell:text\",\"problems\":[{\"instance\":\"camera\",\"stream\":\"frames\","
            + "\"key\":\"direction\",\"value\":\"\\\"up\\\"\","
            + "\"message\":\"allowed are in and out\"}]}\n",
        services.out());
    register.problems.addAll(Collections.nCopies(6, register.problems.get(0)));
    assertEquals(
        "manifest 'shell:text' refused, nothing is changed: "
            + String.join("; ", Collections.nCopies(5, one))
            + "; and 2 more, --json tells all",
        refused(deploy, "--text", "{}"));
    assertEquals("give either a FILE or --text JSON", refused(deploy));
    assertEquals(
        "no file '/nowhere/x.json' on the runtime's machine; a relative path begins at its working"
            + " directory",
        refused(deploy, "/nowhere/x.json"));
  }

  @Test
  public void instancesAndStreamsAreCompletedByDirection() {
    assertEquals(List.of("camera"), SendMessage.command(services).complete(List.of("")));
    assertEquals(List.of("frames"), SendMessage.command(services).complete(List.of("camera", "")));
    assertEquals(
        List.of("commands", "strange", "busy"),
        TailStream.command(services).complete(List.of("camera", "")));
    assertEquals(List.of(), TailStream.command(services).complete(List.of("camera", "busy", "")));
  }
}
