// The names of what NVENC knows by GUIDs and numbers, in ffmpeg's words.
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

#include <ffnvcodec/nvEncodeAPI.h>

bool isSameGuid(GUID left, GUID right);

// The name of a codec, a preset or a profile; "unknown" for others.
const char *guidName(GUID guid);

const char *tuningName(NV_ENC_TUNING_INFO tuning);
const char *rateControlName(NV_ENC_PARAMS_RC_MODE mode);
const char *multiPassName(NV_ENC_MULTI_PASS multiPass);
const char *entropyName(NV_ENC_H264_ENTROPY_CODING_MODE mode);
const char *bRefModeName(NV_ENC_BFRAME_REF_MODE mode);

#endif
