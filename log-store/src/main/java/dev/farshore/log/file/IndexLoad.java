package dev.farshore.log.file;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the headers of a segment to learn where its records lie. Used once. */
final class IndexLoad implements SegmentParser.Visitor {

  private final RecordFinder finder;
  private final Segment segment;
  private final RecordIndex index;
  private final List<Completion> waiting = new ArrayList<>();

  IndexLoad(RecordFinder finder, Segment segment) {
    this.finder = finder;
    this.segment = segment;
    this.index = new RecordIndex(segment.firstLsn());
  }

  Segment segment() {
    return segment;
  }

  /** Adds somebody to be told. */
  void tell(Completion completion) {
    waiting.add(completion);
  }

  void start(int blockBytes) {
    segment.use();
    try {
      int end = Math.toIntExact(finder.file(segment).size());
      SegmentParser parser =
          new SegmentParser(
              segment,
              finder.group(),
              SegmentParser.Depth.HEADERS,
              end,
              Optional.of(segment.start()),
              segment.lastLsn(),
              this);
      SegmentRead.start(finder.file(segment), parser, end, blockBytes, this::finished);
    } catch (IOException e) {
      segment.release();
      finder.loaded(this);
      waiting.forEach(completion -> completion.failed(e));
    }
  }

  private void finished() {
    segment.release();
    index.skipTo(segment.lastLsn() + 1);
    index.truncate(segment.lastLsn() + 1);
    segment.learn(index);
    finder.loaded(this);
    waiting.forEach(Completion::done);
  }

  @Override
  public void batch(int offset, BatchHeader header) {}

  @Override
  public void record(int offset, RecordView record) {
    index.skipTo(record.lsn());
    index.add(offset);
  }

  @Override
  public void gap(int offset, long lsn, String reason) {}

  @Override
  public void unreadable(int offset, long lsn) {
    index.isIncomplete();
  }
}
