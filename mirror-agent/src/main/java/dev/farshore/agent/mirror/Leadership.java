package dev.farshore.agent.mirror;

import dev.farshore.log.record.Epoch;

/**
 * What a site must never forget of a group's leadership; written durably before it is acted on
 * (invariant F4).
 *
 * @param groupId identity of the group, 0 while a mirror has not met its primary
 * @param promised highest epoch seen; lower ones are refused for ever
 * @param leads epoch in which this site leads, if it is {@link Role#PRIMARY}
 * @param promotingTo epoch of a promotion that has begun here, {@link Epoch#NONE} if none has
 * @param mirrorDetached the mirror was given up for lack of room and needs a fill
 * @param fenced this site led, another one leads in {@code promised}, and what this one holds has
 *     not been joined with that site's log since
 */
public record Leadership(
    long groupId,
    Role role,
    Epoch promised,
    Epoch leads,
    Epoch promotingTo,
    boolean mirrorDetached,
    boolean fenced) {

  /** Of a site that has never taken part. */
  public static Leadership initial(Role role, long groupId, int site) {
    Epoch first = role == Role.PRIMARY ? Epoch.NONE.promoted(site) : Epoch.NONE;
    return new Leadership(groupId, role, first, first, Epoch.NONE, false, false);
  }

  /** After meeting a leader of {@code epoch}: this site follows. */
  Leadership following(long group, Epoch epoch) {
    boolean led = fenced || role == Role.PRIMARY;
    return new Leadership(group, Role.MIRROR, epoch, Epoch.NONE, Epoch.NONE, false, led);
  }

  /**
   * The operator wants this site to lead; nothing lower than {@code epoch} is followed any more.
   */
  Leadership promoting(Epoch epoch) {
    return new Leadership(groupId, Role.MIRROR, epoch, Epoch.NONE, epoch, false, fenced);
  }

  Leadership leading(Epoch epoch) {
    return new Leadership(groupId, Role.PRIMARY, epoch, epoch, Epoch.NONE, mirrorDetached, false);
  }

  Leadership withMirrorDetached(boolean detached) {
    return new Leadership(groupId, role, promised, leads, promotingTo, detached, fenced);
  }

  /** What is here is a prefix of the leader's log. */
  Leadership joined() {
    return new Leadership(groupId, role, promised, leads, promotingTo, mirrorDetached, false);
  }
}
