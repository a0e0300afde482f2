#include "names.h"

#include <string.h>

static const struct {
  const GUID *guid;
  const char *name;
} GUIDS[] = {
  {&NV_ENC_CODEC_H264_GUID, "h264"},
  {&NV_ENC_CODEC_HEVC_GUID, "hevc"},
  {&NV_ENC_CODEC_AV1_GUID, "av1"},
  {&NV_ENC_PRESET_P1_GUID, "p1"},
  {&NV_ENC_PRESET_P2_GUID, "p2"},
  {&NV_ENC_PRESET_P3_GUID, "p3"},
  {&NV_ENC_PRESET_P4_GUID, "p4"},
  {&NV_ENC_PRESET_P5_GUID, "p5"},
  {&NV_ENC_PRESET_P6_GUID, "p6"},
  {&NV_ENC_PRESET_P7_GUID, "p7"},
  {&NV_ENC_CODEC_PROFILE_AUTOSELECT_GUID, "auto"},
  {&NV_ENC_H264_PROFILE_BASELINE_GUID, "baseline"},
  {&NV_ENC_H264_PROFILE_MAIN_GUID, "main"},
  {&NV_ENC_H264_PROFILE_HIGH_GUID, "high"},
  {&NV_ENC_H264_PROFILE_HIGH_444_GUID, "high444p"},
  {&NV_ENC_HEVC_PROFILE_MAIN_GUID, "main"},
  {&NV_ENC_HEVC_PROFILE_MAIN10_GUID, "main10"},
  {&NV_ENC_HEVC_PROFILE_FREXT_GUID, "rext"},
  {&NV_ENC_AV1_PROFILE_MAIN_GUID, "main"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAME_OF(names, number) ((size_t)(number) < COUNT(names) ? (names)[number] : "unknown")

bool isSameGuid(GUID left, GUID right)
{
  return memcmp(&left, &right, sizeof(GUID)) == 0;
}

const char *guidName(GUID guid)
{
  for (size_t i = 0; i < COUNT(GUIDS); i++) {
    if (isSameGuid(*GUIDS[i].guid, guid)) return GUIDS[i].name;
  }
  return "unknown";
}

const char *tuningName(NV_ENC_TUNING_INFO tuning)
{
  static const char *const NAMES[] = {
    [NV_ENC_TUNING_INFO_UNDEFINED] = "undefined",
    [NV_ENC_TUNING_INFO_HIGH_QUALITY] = "hq",
    [NV_ENC_TUNING_INFO_LOW_LATENCY] = "ll",
    [NV_ENC_TUNING_INFO_ULTRA_LOW_LATENCY] = "ull",
    [NV_ENC_TUNING_INFO_LOSSLESS] = "lossless",
  };
  return NAME_OF(NAMES, tuning);
}

const char *rateControlName(NV_ENC_PARAMS_RC_MODE mode)
{
  static const char *const NAMES[] = {
    [NV_ENC_PARAMS_RC_CONSTQP] = "constqp",
    [NV_ENC_PARAMS_RC_VBR] = "vbr",
    [NV_ENC_PARAMS_RC_CBR] = "cbr",
  };
  return NAME_OF(NAMES, mode);
}

const char *multiPassName(NV_ENC_MULTI_PASS multiPass)
{
  static const char *const NAMES[] = {
    [NV_ENC_MULTI_PASS_DISABLED] = "disabled",
    [NV_ENC_TWO_PASS_QUARTER_RESOLUTION] = "quarter",
    [NV_ENC_TWO_PASS_FULL_RESOLUTION] = "full",
  };
  return NAME_OF(NAMES, multiPass);
}

const char *entropyName(NV_ENC_H264_ENTROPY_CODING_MODE mode)
{
  static const char *const NAMES[] = {
    [NV_ENC_H264_ENTROPY_CODING_MODE_AUTOSELECT] = "auto",
    [NV_ENC_H264_ENTROPY_CODING_MODE_CABAC] = "cabac",
    [NV_ENC_H264_ENTROPY_CODING_MODE_CAVLC] = "cavlc",
  };
  return NAME_OF(NAMES, mode);
}

const char *bRefModeName(NV_ENC_BFRAME_REF_MODE mode)
{
  static const char *const NAMES[] = {
    [NV_ENC_BFRAME_REF_MODE_DISABLED] = "disabled",
    [NV_ENC_BFRAME_REF_MODE_EACH] = "each",
    [NV_ENC_BFRAME_REF_MODE_MIDDLE] = "middle",
  };
  return NAME_OF(NAMES, mode);
}
