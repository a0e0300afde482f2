#include "gpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// https://developer.nvidia.com/video-encode-decode-support-matrix
static const Gpu GPUS[] = {
  {.name = "T4", .computeMajor = 7, .computeMinor = 5, .encoderEngines = 1, .hasAv1 = false},
  {.name = "A10G", .computeMajor = 8, .computeMinor = 6, .encoderEngines = 1, .hasAv1 = false},
  {.name = "L4", .computeMajor = 8, .computeMinor = 9, .encoderEngines = 2, .hasAv1 = true},
};

static const struct {
  const char *name;
  Failure failure;
} FAILURES[] = {
  {"", FAILURE_NONE},
  {"no-device", FAILURE_NO_DEVICE},
  {"no-session", FAILURE_NO_SESSION},
  {"old-driver", FAILURE_OLD_DRIVER},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *variable(const char *name, const char *fallback)
{
  const char *value = getenv(name);
  return value != NULL ? value : fallback;
}

// A test with a mistyped name would otherwise test something else than it says.
static void endFor(const char *variableName, const char *value)
{
  fprintf(stderr, "stand-in: %s cannot be %s\n", variableName, value);
  abort();
}

const Gpu *currentGpu(void)
{
  const char *name = variable("STAND_IN_GPU", "T4");
  for (size_t i = 0; i < COUNT(GPUS); i++) {
    if (strcmp(GPUS[i].name, name) == 0) return &GPUS[i];
  }
  endFor("STAND_IN_GPU", name);
  return NULL;
}

Failure wantedFailure(void)
{
  const char *name = variable("STAND_IN_FAILURE", "");
  for (size_t i = 0; i < COUNT(FAILURES); i++) {
    if (strcmp(FAILURES[i].name, name) == 0) return FAILURES[i].failure;
  }
  endFor("STAND_IN_FAILURE", name);
  return FAILURE_NONE;
}
