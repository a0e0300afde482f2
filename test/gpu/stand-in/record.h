// The record of what was asked of the driver.
#ifndef RECORD_H
#define RECORD_H

#include <ffnvcodec/nvEncodeAPI.h>

// Appends a line of JSON to the file that STAND_IN_LOG names, if it is set.
void recordEncoder(const NV_ENC_INITIALIZE_PARAMS *asked);

#endif
