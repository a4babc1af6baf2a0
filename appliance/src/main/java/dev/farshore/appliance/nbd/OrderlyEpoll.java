package dev.farshore.appliance.nbd;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll, where the end of what a client sends comes behind its bytes, also when reading is
 * paused, as it does with NIO.
 *
 * <p>Netty (4.2.18) asks epoll to tell at once that a peer has finished sending (EPOLLRDHUP). It
 * then reads all that the kernel holds although reading is paused, up to a receive buffer that
 * nothing was charged for; and since a socket for whose events nobody asks any more is taken out of
 * epoll, yet remembered as being there, the first reply that does not fit into the socket breaks
 * the connection (epoll_ctl says ENOENT). So EPOLLRDHUP is not asked for here, and a socket without
 * anything to wait for stays in epoll, edge-triggered: its errors, which nobody can decline, are
 * told once.
 */
final class OrderlyEpoll implements IoHandler {

  private final IoHandler epoll;

  private OrderlyEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new OrderlyEpoll(factory.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(epoll.register(handle));
  }

  private static final class Registration implements IoRegistration {
    private final IoRegistration registration;
    private boolean added;

    Registration(IoRegistration registration) {
      this.registration = registration;
    }

    @Override
    public long submit(IoOps ops) {
      EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
      if (wanted.value() != 0) {
        added = true;
        return registration.submit(wanted);
      }
      return added ? registration.submit(EpollIoOps.EPOLLET) : registration.submit(wanted);
    }

    @Override
    public <T> T attachment() {
      return registration.attachment();
    }

    @Override
    public boolean isValid() {
      return registration.isValid();
    }

    @Override
    public boolean cancel() {
      return registration.cancel();
    }
  }
}
