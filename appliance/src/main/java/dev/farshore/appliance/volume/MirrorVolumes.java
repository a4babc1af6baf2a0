package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.PinnedView;
import dev.farshore.log.group.VolumeInfo;
import java.util.List;
import java.util.Optional;

/**
 * The volumes of a group that another site leads, as read-only exports. Each connection sees the
 * LSN at which it was opened, for as long as it lives, and so holds back the fold.
 *
 * <p>Owned by the group's thread.
 */
public final class MirrorVolumes implements ExportDirectory {

  private final GroupStore store;

  public MirrorVolumes(GroupStore store) {
    this.store = store;
  }

  @Override
  public List<String> names() {
    return store.volumes().stream().map(VolumeInfo::name).toList();
  }

  /** {@inheritDoc} The default export is the group's volume when it has only one. */
  @Override
  public Optional<Export> open(String name) {
    PinnedView view = store.pin();
    Optional<VolumeInfo> volume = VolumeNames.find(view.volumes(), name);
    if (volume.isEmpty()) {
      view.close();
      return Optional.empty();
    }
    return Optional.of(new PinnedExport(view, volume.get()));
  }
}
