package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;

/** The protocol text's section "Error values". */
enum NbdError {
  NONE(0),
  EPERM(1),
  EIO(5),
  ENOMEM(12),
  EINVAL(22),
  ENOSPC(28),
  EOVERFLOW(75),
  ENOTSUP(95),
  ESHUTDOWN(108);

  private final int code;

  NbdError(int code) {
    this.code = code;
  }

  /** As sent. */
  int code() {
    return code;
  }

  static NbdError of(Export.Failure failure) {
    return switch (failure) {
      case PERMISSION -> EPERM;
      case IO -> EIO;
      case OUT_OF_MEMORY -> ENOMEM;
      case INVALID -> EINVAL;
      case NO_SPACE -> ENOSPC;
      case NOT_SUPPORTED -> ENOTSUP;
      case SHUTTING_DOWN -> ESHUTDOWN;
    };
  }
}
