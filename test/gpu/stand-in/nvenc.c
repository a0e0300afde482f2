// libnvidia-encode.so.1: the functions that ffmpeg's nvenc.c calls, in the order of an encoder's life.
#include <stdlib.h>
#include <string.h>

#include <ffnvcodec/nvEncodeAPI.h>

#include "capabilities.h"
#include "gpu.h"
#include "session.h"

#define EXPORTED __attribute__((visibility("default")))

// Versions are told as 16 * major + minor.
static const uint32_t THIS_VERSION = NVENCAPI_MAJOR_VERSION << 4 | NVENCAPI_MINOR_VERSION;
static const uint32_t OLD_VERSION = 11 << 4 | 1;

// Rows of pictures in host memory begin at multiples of it; a power of two.
static const uint32_t ROW_ALIGNMENT = 64;

static NVENCSTATUS NVENCAPI openSession(NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS *params, void **encoder)
{
  if (wantedFailure() == FAILURE_NO_SESSION) return NV_ENC_ERR_OUT_OF_MEMORY;
  *encoder = calloc(1, sizeof(Session));
  return *encoder == NULL ? NV_ENC_ERR_OUT_OF_MEMORY : NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI getCodecCount(void *encoder, uint32_t *count)
{
  *count = codecCount();
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI getCodecs(void *encoder, GUID *codecs, uint32_t room, uint32_t *count)
{
  *count = codecCount() < room ? codecCount() : room;
  for (uint32_t i = 0; i < *count; i++) codecs[i] = codecAt(i);
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI getCapability(void *encoder, GUID codec, NV_ENC_CAPS_PARAM *which, int *value)
{
  *value = capability(codec, which->capsToQuery);
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI getTunedPreset(
  void *encoder, GUID codec, GUID preset, NV_ENC_TUNING_INFO tuning, NV_ENC_PRESET_CONFIG *params)
{
  // Not what NVIDIA's presets have, but what nobody asks for: so the record shows what ffmpeg leaves to the preset.
  NV_ENC_CONFIG *config = &params->presetCfg;
  *config = (NV_ENC_CONFIG){.version = config->version};
  config->gopLength = 250;
  config->frameIntervalP = 3;
  config->rcParams.rateControlMode = NV_ENC_PARAMS_RC_VBR;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI getPreset(void *encoder, GUID codec, GUID preset, NV_ENC_PRESET_CONFIG *params)
{
  return getTunedPreset(encoder, codec, preset, NV_ENC_TUNING_INFO_UNDEFINED, params);
}

static NVENCSTATUS NVENCAPI initialize(void *encoder, NV_ENC_INITIALIZE_PARAMS *params)
{
  return initializeSession(encoder, params);
}

static NVENCSTATUS NVENCAPI getSequenceParams(void *encoder, NV_ENC_SEQUENCE_PARAM_PAYLOAD *params)
{
  Session *session = encoder;
  X264Frame headers;
  if (!headersOfX264(session->encoder, &headers)) return NV_ENC_ERR_GENERIC;
  if (headers.size > params->inBufferSize) return NV_ENC_ERR_NOT_ENOUGH_BUFFER;
  memcpy(params->spsppsBuffer, headers.data, headers.size);
  *params->outSPSPPSPayloadSize = (uint32_t)headers.size;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI createInputBuffer(void *encoder, NV_ENC_CREATE_INPUT_BUFFER *params)
{
  Picture *picture = calloc(1, sizeof(Picture));
  if (picture == NULL) return NV_ENC_ERR_OUT_OF_MEMORY;
  picture->format = params->bufferFmt;
  picture->height = params->height;
  picture->pitch = (params->width + ROW_ALIGNMENT - 1) & ~(ROW_ALIGNMENT - 1);
  // Enough for every format: up to 4 bytes a pixel.
  picture->data = calloc(picture->pitch, (size_t)params->height * 4);
  picture->ownsData = true;
  params->inputBuffer = picture;
  return picture->data == NULL ? NV_ENC_ERR_OUT_OF_MEMORY : NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI destroyInputBuffer(void *encoder, NV_ENC_INPUT_PTR buffer)
{
  Picture *picture = buffer;
  if (picture->ownsData) free(picture->data);
  free(picture);
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI lockInputBuffer(void *encoder, NV_ENC_LOCK_INPUT_BUFFER *params)
{
  Picture *picture = params->inputBuffer;
  params->bufferDataPtr = picture->data;
  params->pitch = picture->pitch;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI unlockInputBuffer(void *encoder, NV_ENC_INPUT_PTR buffer)
{
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI registerResource(void *encoder, NV_ENC_REGISTER_RESOURCE *params)
{
  Picture *picture = calloc(1, sizeof(Picture));
  if (picture == NULL) return NV_ENC_ERR_OUT_OF_MEMORY;
  picture->format = params->bufferFormat;
  picture->height = params->height;
  picture->pitch = params->pitch;
  picture->data = params->resourceToRegister;
  params->registeredResource = picture;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI unregisterResource(void *encoder, NV_ENC_REGISTERED_PTR resource)
{
  return destroyInputBuffer(encoder, resource);
}

static NVENCSTATUS NVENCAPI mapResource(void *encoder, NV_ENC_MAP_INPUT_RESOURCE *params)
{
  Picture *picture = params->registeredResource;
  params->mappedResource = picture;
  params->mappedBufferFmt = picture->format;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI unmapResource(void *encoder, NV_ENC_INPUT_PTR resource)
{
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI createBitstream(void *encoder, NV_ENC_CREATE_BITSTREAM_BUFFER *params)
{
  params->bitstreamBuffer = calloc(1, sizeof(Bitstream));
  return params->bitstreamBuffer == NULL ? NV_ENC_ERR_OUT_OF_MEMORY : NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI destroyBitstream(void *encoder, NV_ENC_OUTPUT_PTR buffer)
{
  Bitstream *bitstream = buffer;
  free(bitstream->data);
  free(bitstream);
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI encode(void *encoder, NV_ENC_PIC_PARAMS *params)
{
  return encodePicture(encoder, params);
}

static NVENCSTATUS NVENCAPI lockBitstream(void *encoder, NV_ENC_LOCK_BITSTREAM *params)
{
  const Bitstream *bitstream = params->outputBitstream;
  params->bitstreamBufferPtr = bitstream->data;
  params->bitstreamSizeInBytes = bitstream->size;
  params->outputTimeStamp = bitstream->timestamp;
  params->outputDuration = bitstream->duration;
  params->frameIdx = bitstream->frameIndex;
  params->pictureType = bitstream->type;
  params->pictureStruct = NV_ENC_PIC_STRUCT_FRAME;
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI unlockBitstream(void *encoder, NV_ENC_OUTPUT_PTR buffer)
{
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI reconfigure(void *encoder, NV_ENC_RECONFIGURE_PARAMS *params)
{
  return NV_ENC_SUCCESS;
}

static NVENCSTATUS NVENCAPI setStreams(void *encoder, NV_ENC_CUSTREAM_PTR input, NV_ENC_CUSTREAM_PTR output)
{
  return NV_ENC_SUCCESS;
}

static const char *NVENCAPI getLastError(void *encoder)
{
  const Session *session = encoder;
  return session->lastError;
}

static NVENCSTATUS NVENCAPI destroySession(void *encoder)
{
  Session *session = encoder;
  if (session->encoder != NULL) closeX264Encoder(session->encoder);
  free(session);
  return NV_ENC_SUCCESS;
}

EXPORTED NVENCSTATUS NVENCAPI NvEncodeAPIGetMaxSupportedVersion(uint32_t *version)
{
  *version = wantedFailure() == FAILURE_OLD_DRIVER ? OLD_VERSION : THIS_VERSION;
  return NV_ENC_SUCCESS;
}

EXPORTED NVENCSTATUS NVENCAPI NvEncodeAPICreateInstance(NV_ENCODE_API_FUNCTION_LIST *functions)
{
  functions->nvEncOpenEncodeSessionEx = openSession;
  functions->nvEncGetEncodeGUIDCount = getCodecCount;
  functions->nvEncGetEncodeGUIDs = getCodecs;
  functions->nvEncGetEncodeCaps = getCapability;
  functions->nvEncGetEncodePresetConfig = getPreset;
  functions->nvEncGetEncodePresetConfigEx = getTunedPreset;
  functions->nvEncInitializeEncoder = initialize;
  functions->nvEncGetSequenceParams = getSequenceParams;
  functions->nvEncCreateInputBuffer = createInputBuffer;
  functions->nvEncDestroyInputBuffer = destroyInputBuffer;
  functions->nvEncLockInputBuffer = lockInputBuffer;
  functions->nvEncUnlockInputBuffer = unlockInputBuffer;
  functions->nvEncRegisterResource = registerResource;
  functions->nvEncUnregisterResource = unregisterResource;
  functions->nvEncMapInputResource = mapResource;
  functions->nvEncUnmapInputResource = unmapResource;
  functions->nvEncCreateBitstreamBuffer = createBitstream;
  functions->nvEncDestroyBitstreamBuffer = destroyBitstream;
  functions->nvEncEncodePicture = encode;
  functions->nvEncLockBitstream = lockBitstream;
  functions->nvEncUnlockBitstream = unlockBitstream;
  functions->nvEncReconfigureEncoder = reconfigure;
  functions->nvEncSetIOCudaStreams = setStreams;
  functions->nvEncGetLastErrorString = getLastError;
  functions->nvEncDestroyEncoder = destroySession;
  return NV_ENC_SUCCESS;
}
