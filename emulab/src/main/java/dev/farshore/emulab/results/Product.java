package dev.farshore.emulab.results;

/**
 * Which Farshore ran.
 *
 * @param version of the release
 * @param commit of the sources; {@code unknown} outside of a repository
 * @param code digest of the classes that runs depend on: the same code, whatever the commit says
 */
public record Product(String version, String commit, String code) {

  /** What a person does to have it again. */
  String howToHave() {
    if (commit.matches("[0-9a-f]+")) {
      return "git checkout " + commit;
    }
    return commit.matches("[0-9a-f]+\\+changes")
        ? "git checkout " + commit.substring(0, commit.indexOf('+')) + " with the changes of then"
        : "the sources of then, whose commit is not known";
  }
}
