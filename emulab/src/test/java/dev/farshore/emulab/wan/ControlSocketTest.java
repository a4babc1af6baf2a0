package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders through a Unix socket. */
class ControlSocketTest {

  @TempDir private Path directory;

  private static String obey(String order) {
    if (order.equals("bad")) {
      throw new IllegalArgumentException("this is\nnot good");
    }
    return "did " + order + "\nall of it";
  }

  @Test
  void answersOrdersAndComplaints() throws IOException {
    Path path = directory.resolve("control");
    try (ControlSocket _ = ControlSocket.listen(path, ControlSocketTest::obey)) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      for (int i = 0; i < 50; i++) {
        assertEquals("did this " + i + "\nall of it", ControlSocket.ask(path, "this " + i));
      }
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> ControlSocket.ask(path, "bad"));
      assertEquals("this is\nnot good", refused.getMessage());
      assertThrows(IOException.class, () -> ControlSocket.listen(path, ControlSocketTest::obey));
    }
    assertFalse(Files.exists(path));
    assertThrows(IOException.class, () -> ControlSocket.ask(path, "late"));
  }

  @Test
  void endlessLineAndSilenceHarmNobodyElse() throws IOException {
    Path path = directory.resolve("control");
    try (ControlSocket _ = ControlSocket.listen(path, ControlSocketTest::obey);
        SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path));
        SocketChannel endless = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      endless.write(ByteBuffer.allocate(5_000));
      assertEquals("did it\nall of it", ControlSocket.ask(path, "it"));
    }
  }

  @Test
  void socketOfADeadRelayIsReplaced() throws IOException {
    Path path = directory.resolve("control");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    try (ControlSocket _ = ControlSocket.listen(path, ControlSocketTest::obey)) {
      assertEquals("did it\nall of it", ControlSocket.ask(path, "it"));
    }
  }

  @Test
  void whatIsNoSocketStaysAndIsNamed() throws IOException {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "all that I know");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), notes);
    for (Path path : List.of(notes, empty, link)) {
      IOException refused =
          assertThrows(
              IOException.class, () -> ControlSocket.listen(path, ControlSocketTest::obey));
      assertTrue(refused.getMessage().contains(path.toString()), refused.getMessage());
      assertTrue(refused.getMessage().contains("another path"), refused.getMessage());
    }
    assertEquals("all that I know", Files.readString(link));
    assertTrue(Files.isDirectory(empty));
  }
}
