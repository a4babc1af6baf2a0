package dev.farshore.agent.mirror;

import dev.farshore.link.session.LinkSettings;
import java.net.InetSocketAddress;

/** Over what a primary's link sessions run, and where to. */
record LinkRoute(SessionRouter router, InetSocketAddress peer, LinkSettings settings) {}
