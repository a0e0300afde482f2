#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "record.h"

static NVENCSTATUS refuse(Session *session, NVENCSTATUS status, const char *reason)
{
  snprintf(session->lastError, sizeof(session->lastError), "%s", reason);
  return status;
}

NVENCSTATUS initializeSession(Session *session, const NV_ENC_INITIALIZE_PARAMS *asked)
{
  recordEncoder(asked);
  if (!isSameGuid(asked->encodeGUID, NV_ENC_CODEC_H264_GUID)) {
    return refuse(session, NV_ENC_ERR_UNSUPPORTED_PARAM, "configuration recorded, not encoded");
  }
  if (!fitsLevel(asked)) return refuse(session, NV_ENC_ERR_INVALID_PARAM, "Invalid Level.");
  session->encoder = openX264Encoder(asked);
  if (session->encoder == NULL) {
    return refuse(session, NV_ENC_ERR_INVALID_PARAM, "libx264 refuses the configuration");
  }
  return NV_ENC_SUCCESS;
}

static FrameKind wantedKind(uint32_t flags)
{
  if (flags & NV_ENC_PIC_FLAG_FORCEIDR) return FRAME_IDR;
  if (flags & NV_ENC_PIC_FLAG_FORCEINTRA) return FRAME_I;
  return FRAME_ANY;
}

// False for formats other than 8-bit 4:2:0.
static bool toX264Picture(const Picture *picture, X264Picture *converted)
{
  uint8_t *chroma = picture->data + (size_t)picture->pitch * picture->height;
  uint8_t *secondChroma = chroma + (size_t)picture->pitch / 2 * (picture->height / 2);
  *converted = (X264Picture){.luma = picture->data, .lumaPitch = (int)picture->pitch};
  switch (picture->format) {
    case NV_ENC_BUFFER_FORMAT_NV12:
      converted->interleavedChroma = chroma;
      converted->chromaPitch = (int)picture->pitch;
      return true;
    case NV_ENC_BUFFER_FORMAT_IYUV:
      converted->u = chroma;
      converted->v = secondChroma;
      converted->chromaPitch = (int)picture->pitch / 2;
      return true;
    case NV_ENC_BUFFER_FORMAT_YV12:
      converted->u = secondChroma;
      converted->v = chroma;
      converted->chromaPitch = (int)picture->pitch / 2;
      return true;
    default:
      return false;
  }
}

static NV_ENC_PIC_TYPE toPictureType(FrameKind kind)
{
  switch (kind) {
    case FRAME_IDR:
      return NV_ENC_PIC_TYPE_IDR;
    case FRAME_I:
      return NV_ENC_PIC_TYPE_I;
    default:
      return NV_ENC_PIC_TYPE_P;
  }
}

NVENCSTATUS encodePicture(Session *session, const NV_ENC_PIC_PARAMS *asked)
{
  if (asked->encodePicFlags & NV_ENC_PIC_FLAG_EOS) return NV_ENC_SUCCESS;
  X264Picture picture;
  if (!toX264Picture(asked->inputBuffer, &picture)) {
    return refuse(session, NV_ENC_ERR_UNSUPPORTED_PARAM, "only 8-bit 4:2:0 is encoded");
  }
  X264Frame frame;
  if (!encodeWithX264(session->encoder, &picture, wantedKind(asked->encodePicFlags), &frame)) {
    return refuse(session, NV_ENC_ERR_GENERIC, "libx264 fails");
  }
  Bitstream *output = asked->outputBitstream;
  uint8_t *data = realloc(output->data, frame.size);
  if (data == NULL) return NV_ENC_ERR_OUT_OF_MEMORY;
  memcpy(data, frame.data, frame.size);
  output->data = data;
  output->size = (uint32_t)frame.size;
  output->frameIndex = session->frames++;
  // ffmpeg tells by them which of its frames this is.
  output->timestamp = asked->inputTimeStamp;
  output->duration = asked->inputDuration;
  output->type = toPictureType(frame.kind);
  return NV_ENC_SUCCESS;
}
