// What the GPU's encoder can do.
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include <ffnvcodec/nvEncodeAPI.h>

uint32_t codecCount(void);

// The codec at an index below codecCount().
GUID codecAt(uint32_t index);

int capability(GUID codec, NV_ENC_CAPS which);

#endif
