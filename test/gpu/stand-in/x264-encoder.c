#include "x264-encoder.h"

#include <math.h>
#include <stdlib.h>

#include <x264.h>

#include "names.h"

struct X264Encoder {
  x264_t *x264;
  int64_t frames;
};

static int kbit(uint32_t bits)
{
  return (int)(bits / 1000);
}

bool fitsLevel(const NV_ENC_INITIALIZE_PARAMS *asked)
{
  const NV_ENC_CONFIG *config = asked->encodeConfig;
  const uint32_t level = config->encodeCodecConfig.h264Config.level;
  const int macroblocks = (int)((asked->encodeWidth + 15) / 16 * ((asked->encodeHeight + 15) / 16));
  const bool isHigh = isSameGuid(config->profileGUID, NV_ENC_H264_PROFILE_HIGH_GUID);
  for (const x264_level_t *limits = x264_levels; limits->level_idc != 0; limits++) {
    if (limits->level_idc != level) continue;
    // Table A-2 of H.264: the high profile has 1.25 times the rates.
    const int maxBitrate = isHigh ? limits->bitrate * 5 / 4 : limits->bitrate;
    return macroblocks <= limits->frame_size && kbit(config->rcParams.averageBitRate) <= maxBitrate &&
           kbit(config->rcParams.maxBitRate) <= maxBitrate;
  }
  return true;
}

static void setPicture(x264_param_t *params, const NV_ENC_INITIALIZE_PARAMS *asked)
{
  const NV_ENC_CONFIG_H264_VUI_PARAMETERS *vui =
    &asked->encodeConfig->encodeCodecConfig.h264Config.h264VUIParameters;
  params->i_width = (int)asked->encodeWidth;
  params->i_height = (int)asked->encodeHeight;
  // NVENC is given the picture's shape, x264 the pixels'.
  params->vui.i_sar_width = (int)(asked->darWidth * asked->encodeHeight);
  params->vui.i_sar_height = (int)(asked->darHeight * asked->encodeWidth);
  params->vui.b_fullrange = (int)vui->videoFullRangeFlag;
  if (vui->colourDescriptionPresentFlag) {
    params->vui.i_colorprim = (int)vui->colourPrimaries;
    params->vui.i_transfer = (int)vui->transferCharacteristics;
    params->vui.i_colmatrix = (int)vui->colourMatrix;
  }
}

static void setFrames(x264_param_t *params, const NV_ENC_INITIALIZE_PARAMS *asked)
{
  const NV_ENC_CONFIG *config = asked->encodeConfig;
  params->i_fps_num = asked->frameRateNum;
  params->i_fps_den = asked->frameRateDen;
  // Times are ffmpeg's affair: frames are only counted here.
  params->b_vfr_input = 0;
  params->i_bframe = 0;
  params->i_keyint_max =
    config->gopLength == NVENC_INFINITE_GOPLENGTH ? X264_KEYINT_MAX_INFINITE : (int)config->gopLength;
  params->i_scenecut_threshold = 0;
}

static void setSyntax(x264_param_t *params, const NV_ENC_CONFIG_H264 *asked)
{
  params->b_cabac = asked->entropyCodingMode != NV_ENC_H264_ENTROPY_CODING_MODE_CAVLC;
  params->b_annexb = 1;
  params->b_repeat_headers = !asked->disableSPSPPS;
  if (asked->level != NV_ENC_LEVEL_AUTOSELECT) params->i_level_idc = (int)asked->level;
}

static void setConstantQp(x264_param_t *params, const NV_ENC_QP *asked)
{
  params->rc.i_rc_method = X264_RC_CQP;
  // 0 would be lossless, for which x264 has another profile.
  params->rc.i_qp_constant = asked->qpInterP > 1 ? (int)asked->qpInterP : 1;
  // x264 is told the I-frames' quantizer by its ratio, which doubles every 6 steps.
  params->rc.f_ip_factor = exp2f(((float)asked->qpInterP - (float)asked->qpIntra) / 6);
}

static void setRate(x264_param_t *params, const NV_ENC_RC_PARAMS *asked)
{
  if (asked->rateControlMode == NV_ENC_PARAMS_RC_CONSTQP) {
    setConstantQp(params, &asked->constQP);
    return;
  }
  const float quality = (float)asked->targetQuality + (float)asked->targetQualityLSB / 256;
  if (quality > 0) {
    params->rc.i_rc_method = X264_RC_CRF;
    params->rc.f_rf_constant = quality;
  } else {
    params->rc.i_rc_method = X264_RC_ABR;
    params->rc.i_bitrate = kbit(asked->averageBitRate);
  }
  const bool isConstant = asked->rateControlMode == NV_ENC_PARAMS_RC_CBR;
  params->rc.i_vbv_max_bitrate = kbit(isConstant ? asked->averageBitRate : asked->maxBitRate);
  params->rc.i_vbv_buffer_size =
    asked->vbvBufferSize > 0 ? kbit(asked->vbvBufferSize) : params->rc.i_vbv_max_bitrate;
}

X264Encoder *openX264Encoder(const NV_ENC_INITIALIZE_PARAMS *asked)
{
  const NV_ENC_CONFIG *config = asked->encodeConfig;
  x264_param_t params;
  if (x264_param_default_preset(&params, "veryfast", "zerolatency") < 0) return NULL;
  params.i_threads = 1;
  params.b_sliced_threads = 0;
  params.i_log_level = X264_LOG_ERROR;
  params.i_csp = X264_CSP_NV12;
  setPicture(&params, asked);
  setFrames(&params, asked);
  setSyntax(&params, &config->encodeCodecConfig.h264Config);
  setRate(&params, &config->rcParams);
  const bool isChosenHere = isSameGuid(config->profileGUID, NV_ENC_CODEC_PROFILE_AUTOSELECT_GUID);
  if (x264_param_apply_profile(&params, isChosenHere ? "high" : guidName(config->profileGUID)) < 0) return NULL;
  X264Encoder *encoder = calloc(1, sizeof(X264Encoder));
  if (encoder == NULL) return NULL;
  encoder->x264 = x264_encoder_open(&params);
  if (encoder->x264 == NULL) {
    free(encoder);
    return NULL;
  }
  return encoder;
}

static void describePicture(x264_image_t *image, X264Picture *picture)
{
  const bool isInterleaved = picture->interleavedChroma != NULL;
  image->i_csp = isInterleaved ? X264_CSP_NV12 : X264_CSP_I420;
  image->i_plane = isInterleaved ? 2 : 3;
  image->plane[0] = picture->luma;
  image->i_stride[0] = picture->lumaPitch;
  image->plane[1] = isInterleaved ? picture->interleavedChroma : picture->u;
  image->i_stride[1] = picture->chromaPitch;
  image->plane[2] = picture->v;
  image->i_stride[2] = picture->chromaPitch;
}

static int toX264Type(FrameKind kind)
{
  switch (kind) {
    case FRAME_IDR:
      return X264_TYPE_IDR;
    case FRAME_I:
      return X264_TYPE_I;
    default:
      return X264_TYPE_AUTO;
  }
}

static FrameKind toFrameKind(int type)
{
  switch (type) {
    case X264_TYPE_IDR:
      return FRAME_IDR;
    case X264_TYPE_I:
      return FRAME_I;
    default:
      return FRAME_ANY;
  }
}

bool encodeWithX264(X264Encoder *encoder, X264Picture *picture, FrameKind wanted, X264Frame *frame)
{
  x264_picture_t input;
  x264_picture_t output;
  x264_nal_t *nals;
  int count;
  x264_picture_init(&input);
  describePicture(&input.img, picture);
  input.i_type = toX264Type(wanted);
  input.i_pts = encoder->frames++;
  const int size = x264_encoder_encode(encoder->x264, &nals, &count, &input, &output);
  if (size <= 0) return false;
  // The NAL units lie one behind the other.
  *frame = (X264Frame){.data = nals[0].p_payload, .size = (size_t)size, .kind = toFrameKind(output.i_type)};
  return true;
}

bool headersOfX264(X264Encoder *encoder, X264Frame *headers)
{
  x264_nal_t *nals;
  int count;
  if (x264_encoder_headers(encoder->x264, &nals, &count) < 0) return false;
  // A SEI with x264's own name follows, which NVENC's callers do not expect.
  const size_t size = (size_t)nals[0].i_payload + (size_t)nals[1].i_payload;
  *headers = (X264Frame){.data = nals[0].p_payload, .size = size};
  return true;
}

void closeX264Encoder(X264Encoder *encoder)
{
  x264_encoder_close(encoder->x264);
  free(encoder);
}
