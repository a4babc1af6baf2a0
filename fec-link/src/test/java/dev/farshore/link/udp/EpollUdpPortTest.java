package dev.farshore.link.udp;

class EpollUdpPortTest extends EpollPortContract {

  @Override
  UdpSettings settings(int maxDatagramBytes) {
    return UdpSettings.of(maxDatagramBytes);
  }
}
