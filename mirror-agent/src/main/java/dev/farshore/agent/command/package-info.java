/**
 * The command line: what a person or a script types, what it prints, and what it exits with.
 *
 * <pre>
 *   mirror-agent start ──▶ the site itself, or the two sites of the demonstration
 *   mirror-agent status | promote | volume | stop ──▶ SiteSelection ──▶ ControlClient ──▶ running site
 *   mirror-agent config ──▶ ConfigReader, ConfigPrinter
 * </pre>
 *
 * <p>Answers go to standard output, everything else to standard error; {@link
 * dev.farshore.agent.command.ExitCode} tells scripts how it went.
 */
package dev.farshore.agent.command;
