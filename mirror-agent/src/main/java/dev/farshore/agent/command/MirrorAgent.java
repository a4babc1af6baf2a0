package dev.farshore.agent.command;

/** The entry point of the command line. */
public final class MirrorAgent {
  private MirrorAgent() {}

  public static void main(String[] args) {
    System.out.println("args " + String.join(" ", args));
  }
}
