#include "capabilities.h"

#include "gpu.h"
#include "names.h"

// Those that only some GPUs have come last.
static const GUID *const CODECS[] = {
  &NV_ENC_CODEC_H264_GUID,
  &NV_ENC_CODEC_HEVC_GUID,
  &NV_ENC_CODEC_AV1_GUID,
};

uint32_t codecCount(void)
{
  return currentGpu()->hasAv1 ? 3 : 2;
}

GUID codecAt(uint32_t index)
{
  return *CODECS[index];
}

// https://developer.nvidia.com/video-encode-decode-support-matrix
int capability(GUID codec, NV_ENC_CAPS which)
{
  const int isH264 = isSameGuid(codec, NV_ENC_CODEC_H264_GUID);
  switch (which) {
    case NV_ENC_CAPS_WIDTH_MAX:
    case NV_ENC_CAPS_HEIGHT_MAX:
      return isH264 ? 4096 : 8192;
    case NV_ENC_CAPS_NUM_MAX_BFRAMES:
      return isH264 ? 4 : 5;
    case NV_ENC_CAPS_SUPPORT_10BIT_ENCODE:
      return !isH264;
    case NV_ENC_CAPS_SUPPORT_BFRAME_REF_MODE:
      // Bit 0 for each B-frame, bit 1 for the middle one.
      return isH264 ? 2 : 3;
    case NV_ENC_CAPS_SUPPORT_FIELD_ENCODING:
      return 0;
    case NV_ENC_CAPS_NUM_ENCODER_ENGINES:
      return currentGpu()->encoderEngines;
    default:
      return 1;
  }
}
