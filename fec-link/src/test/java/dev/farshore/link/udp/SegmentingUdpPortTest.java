package dev.farshore.link.udp;

class SegmentingUdpPortTest extends EpollPortContract {

  @Override
  UdpSettings settings(int maxDatagramBytes) {
    return new UdpSettings(maxDatagramBytes, 1 << 20, 1 << 20, UdpSettings.Segmentation.RUNS);
  }
}
