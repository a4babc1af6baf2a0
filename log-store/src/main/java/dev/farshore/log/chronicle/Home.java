package dev.farshore.log.chronicle;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The directory of one log, and the generations in it. A generation is a whole queue; the highest
 * one that has its final name is the log. What ends a log somewhere, or writes its tail anew,
 * drafts the next generation beside the current one and gives it its name when every byte of it is
 * forced.
 */
record Home(Path directory) {

  private static final String PREFIX = "generation-";
  private static final String DRAFT = ".draft";

  /** Number of the generation that is the log; empty if there is none. */
  OptionalInt current() throws IOException {
    return generations().stream().mapToInt(Integer::intValue).max();
  }

  Path path(int generation) {
    return directory.resolve(String.format(Locale.ROOT, "%s%010d", PREFIX, generation));
  }

  private Path draftPath(int generation) {
    return directory.resolve(path(generation).getFileName() + DRAFT);
  }

  /** An empty directory for a generation that is not complete yet. */
  Path draft(int generation) throws IOException {
    Path draft = draftPath(generation);
    deleteTree(draft);
    return Files.createDirectory(draft);
  }

  /** Makes a draft the log; its files and their names must have been forced. */
  Path commit(int generation) throws IOException {
    Path path = path(generation);
    Files.move(draftPath(generation), path, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
    return path;
  }

  /** Deletes everything but the current generation. */
  void sweep() throws IOException {
    OptionalInt current = current();
    for (Path entry : entries(directory)) {
      boolean generation = entry.getFileName().toString().startsWith(PREFIX);
      boolean kept = current.isPresent() && entry.equals(path(current.getAsInt()));
      if (generation && !kept) {
        deleteTree(entry);
      }
    }
  }

  /** Deletes the log: first it is no log any more, then it is gone. */
  void delete() throws IOException {
    OptionalInt current = current();
    while (current.isPresent()) {
      deleteTree(draftPath(current.getAsInt()));
      Files.move(
          path(current.getAsInt()), draftPath(current.getAsInt()), StandardCopyOption.ATOMIC_MOVE);
      current = current();
    }
    force(directory);
    deleteTree(directory);
    force(directory.getParent());
  }

  private List<Integer> generations() throws IOException {
    List<Integer> found = new ArrayList<>();
    for (Path entry : entries(directory)) {
      String name = entry.getFileName().toString();
      if (name.matches(PREFIX + "[0-9]{10}")) {
        found.add(Integer.parseInt(name.substring(PREFIX.length())));
      }
    }
    return found;
  }

  /** What is in a directory, sorted; nothing if there is no such directory. */
  static List<Path> entries(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(found);
    return found;
  }

  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
