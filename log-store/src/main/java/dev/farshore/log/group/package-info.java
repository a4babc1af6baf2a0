/**
 * A group at one site, on disk: its log, its volumes (base image and overlay), the fold between
 * them.
 */
package dev.farshore.log.group;
