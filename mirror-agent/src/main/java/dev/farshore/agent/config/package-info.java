/**
 * The configuration of a site: a TOML file, read into validated values.
 *
 * <pre>
 *   farshore.toml ──▶ ConfigReader ──▶ SiteConfig ──▶ the running site
 *                          │                └──▶ ConfigPrinter ──▶ config show
 *                          └──▶ ConfigException: file:line:column and what to write instead
 * </pre>
 *
 * <p>Sizes, durations and rates need their unit ({@link dev.farshore.agent.config.Quantity}); keys
 * that nobody reads are refused; what is not said has its value in {@link
 * dev.farshore.agent.config.Defaults} and nowhere else.
 */
package dev.farshore.agent.config;
