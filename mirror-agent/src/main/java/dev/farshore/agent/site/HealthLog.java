package dev.farshore.agent.site;

import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.Health;
import dev.farshore.agent.status.HealthRule;
import dev.farshore.agent.status.SiteStatus;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line when the health or the role of a group has changed, and when its log comes near its
 * quota. On the site's thread.
 */
final class HealthLog {
  private static final Logger LOG = LoggerFactory.getLogger(HealthLog.class);

  private final Map<String, String> last = new HashMap<>();

  void observe(SiteStatus site) {
    for (GroupStatus group : site.groups()) {
      Health health = group.verdict().health();
      String now = group.standing().role().word() + ", " + health.word();
      String told = now + (nearQuota(group) ? ", near its quota" : "");
      if (!told.equals(last.put(group.name(), told))) {
        String line = now + (group.verdict().why().isEmpty() ? "" : ": " + group.verdict().why());
        if (health.compareTo(Health.DISCONNECTED) >= 0) {
          LOG.warn("group {}: {}", group.name(), line);
        } else {
          LOG.info("group {}: {}", group.name(), line);
        }
      }
    }
  }

  private static boolean nearQuota(GroupStatus group) {
    GroupStatus.Space space = group.holding().space();
    return space.retainedBytes() > HealthRule.QUOTA_SHARE_MAX * space.quotaBytes();
  }
}
