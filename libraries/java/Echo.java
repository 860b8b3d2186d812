// A module in a process of its own: sends back on "answers" what comes on "orders".
// java -cp 'libraries/java/*' libraries/java/Echo.java run/streams.sock echo
import java.nio.file.Path;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.remote.client.RemoteStreams;

public class Echo {
  public static void main(String[] arguments) throws Exception {
    RemoteStreams runtime = RemoteStreams.at(Path.of(arguments[0]));
    try (StreamClient streams = runtime.connect(arguments[1])) {
      int answers = streams.openOutput("answers");
      streams.openInput("orders", (peer, data) -> {
        if (streams.write(answers, data) != StreamResult.OK) {
          System.err.println("no room for an answer");
        }
      });
      while (streams.processEvent(-1) != StreamResult.SHOULDEXIT) {}
    }
  }
}
