// An encode session, and the buffers that pictures go in and out by.
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <ffnvcodec/nvEncodeAPI.h>

#include "x264-encoder.h"

typedef struct {
  // NULL until the session is initialized.
  X264Encoder *encoder;
  uint32_t frames;
  char lastError[128];
} Session;

// A picture to be encoded, with its planes one behind the other.
typedef struct {
  NV_ENC_BUFFER_FORMAT format;
  uint32_t height;
  // Bytes from a row's beginning to the next one's.
  uint32_t pitch;
  uint8_t *data;
  // False where the data is a frame of ffmpeg's in GPU memory.
  bool ownsData;
} Picture;

// An encoded picture.
typedef struct {
  uint8_t *data;
  uint32_t size;
  uint32_t frameIndex;
  uint64_t timestamp;
  uint64_t duration;
  NV_ENC_PIC_TYPE type;
} Bitstream;

// Records what is asked, and opens the encoder. Says in lastError why it does not.
NVENCSTATUS initializeSession(Session *session, const NV_ENC_INITIALIZE_PARAMS *asked);

// Encodes the input into the output at once, so that there is never anything left at the end.
NVENCSTATUS encodePicture(Session *session, const NV_ENC_PIC_PARAMS *asked);

#endif
