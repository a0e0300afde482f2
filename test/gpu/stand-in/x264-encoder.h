// Encodes H.264 as NVENC was asked to, without B-frames and lookahead, so that each frame comes out at once.
#ifndef X264_ENCODER_H
#define X264_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ffnvcodec/nvEncodeAPI.h>

typedef struct X264Encoder X264Encoder;

typedef enum {
  FRAME_ANY,
  FRAME_I,
  FRAME_IDR,
} FrameKind;

// An 8-bit 4:2:0 picture, whose chroma is either interleaved or in two planes.
typedef struct {
  uint8_t *luma;
  int lumaPitch;
  uint8_t *interleavedChroma;
  uint8_t *u;
  uint8_t *v;
  int chromaPitch;
} X264Picture;

typedef struct {
  // Valid until the next call.
  const uint8_t *data;
  size_t size;
  FrameKind kind;
} X264Frame;

// Whether the size and the bitrates that are asked for are allowed by the level that is asked for.
bool fitsLevel(const NV_ENC_INITIALIZE_PARAMS *asked);

// NULL when libx264 refuses.
X264Encoder *openX264Encoder(const NV_ENC_INITIALIZE_PARAMS *asked);

bool encodeWithX264(X264Encoder *encoder, X264Picture *picture, FrameKind wanted, X264Frame *frame);

// SPS and PPS; valid until the next call.
bool headersOfX264(X264Encoder *encoder, X264Frame *headers);

void closeX264Encoder(X264Encoder *encoder);

#endif
