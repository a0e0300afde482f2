// Which GPU this is, and which failure is wanted: both are said by environment variables.
#ifndef GPU_H
#define GPU_H

#include <stdbool.h>

typedef struct {
  const char *name;
  int computeMajor;
  int computeMinor;
  int encoderEngines;
  bool hasAv1;
} Gpu;

// The GPU that STAND_IN_GPU names: T4 (the default), A10G or L4.
const Gpu *currentGpu(void);

typedef enum {
  FAILURE_NONE,
  // The driver is installed, and there is no GPU behind it.
  FAILURE_NO_DEVICE,
  // What a GPU answers that has as many sessions open as it can have.
  FAILURE_NO_SESSION,
  // The driver has an older interface than ffmpeg was built for.
  FAILURE_OLD_DRIVER,
} Failure;

// The failure that STAND_IN_FAILURE names: no-device, no-session or old-driver.
Failure wantedFailure(void);

#endif
