package dev.farshore.agent.command;

/** Which build this is. */
final class Build {
  /** From the jar's manifest; classes outside a jar have none. */
  static final String VERSION =
      Build.class.getPackage().getImplementationVersion() == null
          ? "(not packaged)"
          : Build.class.getPackage().getImplementationVersion();

  private Build() {}
}
