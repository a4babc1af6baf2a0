package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.stream.FillSender;
import dev.farshore.agent.mirror.stream.MirrorSender;
import dev.farshore.appliance.volume.Watermarks;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.ImageSource;
import dev.farshore.log.group.VolumeInfo;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a primary knows of its mirror, and what it keeps for it: how far it is, the log that it
 * still needs, and the base images that are being copied to it. Owned by the group's thread.
 */
final class MirrorAccount {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorAccount.class);

  /** What is kept for the mirror's disk must not take the room of what is kept to be sent. */
  private static final long ROOM_SHARE = 4;

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupLeadership leadership;
  private final LagMeter lag;
  private final long bytesAtOpen;
  private long mirroredLsn;
  private long coveredLsn;
  private long sentLsn;
  private long receivedLsn;
  private Optional<ImageSource> fillImages = Optional.empty();
  private boolean needsFill;

  /** While a fill is needed: the images must hold everything up to here before it begins. */
  private long sharedLsn;

  private long filledBytes;

  /** Up to where the mirror has folded; as long as that is not known it is asked for nothing. */
  private long mirrorFolded = Long.MAX_VALUE;

  MirrorAccount(GroupSettings settings, GroupStore store, GroupLeadership leadership) {
    this.settings = settings;
    this.store = store;
    this.leadership = leadership;
    this.bytesAtOpen = store.log().retainedBytes();
    this.lag = new LagMeter(store.folded().lsn(), 0);
    this.needsFill = leadership.now().mirrorDetached();
  }

  /** Takes over what the session has reached. */
  void follow(MirrorSession session) {
    sentLsn = Math.max(sentLsn, session.sentLsn());
    coveredLsn = Math.max(coveredLsn, session.coveredLsn());
    receivedLsn = Math.max(receivedLsn, session.report().received());
    mirroredLsn = Math.max(mirroredLsn, session.report().mirrored());
    session.sender().ifPresent(this::observeFill);
    if (session.filled() && fillImages.isPresent()) {
      close();
      usable();
      LOG.info("group {}: the mirror holds whole base images", settings.name());
    }
  }

  /** All of the images may have left long before the mirror says that it holds them. */
  private void observeFill(MirrorSender sender) {
    filledBytes =
        sender
            .fill()
            .map(FillSender::doneBytes)
            .orElseGet(() -> fillImages.map(this::size).orElse(0L));
  }

  private long size(ImageSource images) {
    return images.volumes().stream().mapToLong(VolumeInfo::sizeBytes).sum();
  }

  /** How far the copy of the base images is; empty unless the mirror waits for one. */
  Optional<GroupSnapshot.Fill> fill() {
    return fillImages.map(images -> new GroupSnapshot.Fill(filledBytes, size(images)));
  }

  /** The mirror's state and this log join: nothing but records is missing there. */
  private void usable() {
    needsFill = false;
    sharedLsn = 0;
    if (leadership.now().mirrorDetached()) {
      leadership.write(leadership.now().withMirrorDetached(false));
    }
  }

  /** Looks at how far the log is. */
  void observe(long nowNanos) {
    lag.appended(store.log().last().lsn(), bytesAtOpen + store.log().encodedBytes(), nowNanos);
    lag.confirmed(mirroredLsn);
  }

  /** Whether the log kept for the mirror has no more room, and the policy is to give it up then. */
  boolean mustBeDetached() {
    return settings.risk().onQuota() == OnQuota.DETACH_MIRROR && keepsLog() && quotaReached();
  }

  /** Gives the mirror up, durably. */
  void detach() {
    LOG.error(
        "group {}: the log kept for the mirror reached its quota; the mirror is detached and"
            + " will be filled again when it is back",
        settings.name());
    leadership.write(leadership.now().withMirrorDetached(true));
    needsFill = true;
    mirrorFolded = Long.MAX_VALUE;
    close();
  }

  private boolean quotaReached() {
    return store.log().retainedBytes() >= settings.risk().quotaBytes();
  }

  private boolean keepsLog() {
    boolean detached = leadership.now().mirrorDetached() && fillImages.isEmpty();
    return settings.peer().isPresent() && !detached;
  }

  /**
   * No cut will come below what a mirror has forced, nor below anything if there is no mirror. What
   * a fill has to hold is folded for it.
   */
  long foldLimit() {
    return Math.max(confirmedLsn(), sharedLsn);
  }

  /** Up to where no mirror needs the log. */
  private long confirmedLsn() {
    return keepsLog() ? mirroredLsn : store.log().forced();
  }

  /** The mirror says up to where its images hold everything. */
  void folded(long lsn) {
    mirrorFolded = lsn;
  }

  /**
   * The first record that may still have to be sent, or, as long as there is plenty of room, that
   * the mirror may lose to its disk and ask for.
   */
  long neededFrom() {
    boolean room = store.log().retainedBytes() < settings.risk().quotaBytes() / ROOM_SHARE;
    return room && mirrorFolded < neededToSend() ? mirrorFolded + 1 : neededToSend();
  }

  private long neededToSend() {
    if (fillImages.isPresent()) {
      return fillImages.get().at().lsn() + 1;
    }
    return confirmedLsn() + 1;
  }

  /**
   * @param caughtUp whether there is a session with every appended record on its way
   */
  Protection.MirrorView view(boolean caughtUp, long nowNanos) {
    boolean detached = leadership.now().mirrorDetached();
    boolean blockOnQuota =
        settings.risk().onQuota() == OnQuota.BLOCK && keepsLog() && quotaReached();
    return new Protection.MirrorView(
        detached,
        needsFill,
        !detached && !needsFill && caughtUp,
        lag.bytes(),
        lag.nanos(nowNanos),
        blockOnQuota);
  }

  /**
   * A session begins.
   *
   * @param fromLsn first record that the mirror lacks; empty if it needs a fill
   * @return first record to send
   */
  long begin(Optional<Long> fromLsn) {
    if (fromLsn.isPresent()) {
      close();
      usable();
      mirroredLsn = Math.min(mirroredLsn, fromLsn.get() - 1);
    } else if (fillImages.isEmpty()) {
      fillImages = Optional.of(store.openImages());
      filledBytes = 0;
    }
    return fromLsn.orElseGet(() -> fillImages.get().at().lsn() + 1);
  }

  /**
   * The mirror's state is of no use to this log.
   *
   * <p>A record that both sites hold may have been acknowledged because both hold it. Images of a
   * state before it would take it off the mirror until the stream had brought it again, and a
   * primary lost in that time would take it along. So the images are pinned only when they hold
   * everything that both sites hold; until then they are folded, and the mirror keeps all that it
   * has. A log that shares records with a mirror that it can no longer name folds up to where the
   * shorter of the two ends: that is enough wherever they part.
   *
   * <p>Images that were pinned for another state of the mirror, perhaps another disk, are let go of
   * if they hold too little to take the place of this one.
   *
   * @param shared no record behind it is at both sites
   */
  void needsFill(String reason, long shared) {
    if (!needsFill) {
      LOG.warn("group {}: the mirror needs a fill: {}", settings.name(), reason);
    }
    needsFill = true;
    mirrorFolded = Long.MAX_VALUE;
    mirroredLsn = 0;
    receivedLsn = 0;
    sharedLsn = shared;
    if (!mayFill()) {
      close();
    }
  }

  /** Whether the base images hold what they have to before they may be copied to the mirror. */
  boolean mayFill() {
    return fillImages.map(ImageSource::at).orElseGet(store::folded).lsn() >= sharedLsn;
  }

  /** How far the log has come, here and there. */
  Watermarks watermarks() {
    return new Watermarks(
        store.log().appended(),
        store.log().forced(),
        sentLsn,
        coveredLsn,
        receivedLsn,
        mirroredLsn);
  }

  boolean needsFill() {
    return needsFill;
  }

  long mirroredLsn() {
    return mirroredLsn;
  }

  LagMeter lag() {
    return lag;
  }

  /** The base images that are being copied; empty while none are. */
  Optional<ImageSource> images() {
    return fillImages;
  }

  /** Lets go of the base images. */
  void close() {
    fillImages.ifPresent(ImageSource::close);
    fillImages = Optional.empty();
  }
}
