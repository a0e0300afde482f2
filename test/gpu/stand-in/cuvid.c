// libnvcuvid.so.1: a decoder whose pictures are all grey, so that whole jobs can keep their frames in GPU memory.
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ffnvcodec/dynlink_cuda.h>
#include <ffnvcodec/dynlink_cuviddec.h>

#define EXPORTED __attribute__((visibility("default")))

static const CUresult CUDA_ERROR_OUT_OF_MEMORY = (CUresult)2;
static const CUresult CUDA_ERROR_MAP_FAILED = (CUresult)205;

static const int GREY = 128;

// Rows begin at multiples of it, as on the hardware; a power of two.
static const size_t ROW_ALIGNMENT = 512;

typedef struct {
  size_t pitch;
  // Of luma and chroma together.
  size_t rows;
  int maxMapped;
  // Pictures are given back by other threads than the one that decodes.
  atomic_int mapped;
} Decoder;

EXPORTED CUresult cuvidGetDecoderCaps(CUVIDDECODECAPS *caps)
{
  caps->bIsSupported = 1;
  caps->nNumNVDECs = 1;
  caps->nOutputFormatMask = 1 << cudaVideoSurfaceFormat_NV12 | 1 << cudaVideoSurfaceFormat_P016;
  caps->nMinWidth = 48;
  caps->nMinHeight = 16;
  caps->nMaxWidth = 4096;
  caps->nMaxHeight = 4096;
  caps->nMaxMBCount = 4096 * 4096 / 256;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuvidCreateDecoder(CUvideodecoder *created, CUVIDDECODECREATEINFO *params)
{
  Decoder *decoder = calloc(1, sizeof(Decoder));
  if (decoder == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
  const size_t sampleSize = params->OutputFormat == cudaVideoSurfaceFormat_P016 ? 2 : 1;
  decoder->pitch = (params->ulTargetWidth * sampleSize + ROW_ALIGNMENT - 1) & ~(ROW_ALIGNMENT - 1);
  decoder->rows = params->ulTargetHeight + (params->ulTargetHeight + 1) / 2;
  decoder->maxMapped = (int)params->ulNumOutputSurfaces;
  *created = decoder;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuvidDestroyDecoder(CUvideodecoder decoder)
{
  free(decoder);
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuvidMapVideoFrame64(
  CUvideodecoder handle, int index, unsigned long long *memory, unsigned int *pitch, CUVIDPROCPARAMS *params)
{
  Decoder *decoder = handle;
  // A decoder has no more pictures than it was made with, however many are still being encoded.
  if (atomic_fetch_add(&decoder->mapped, 1) >= decoder->maxMapped) {
    atomic_fetch_sub(&decoder->mapped, 1);
    return CUDA_ERROR_MAP_FAILED;
  }
  uint8_t *picture = malloc(decoder->pitch * decoder->rows);
  if (picture == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
  memset(picture, GREY, decoder->pitch * decoder->rows);
  *memory = (uintptr_t)picture;
  *pitch = (unsigned int)decoder->pitch;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuvidUnmapVideoFrame64(CUvideodecoder handle, unsigned long long memory)
{
  Decoder *decoder = handle;
  free((void *)(uintptr_t)memory);
  atomic_fetch_sub(&decoder->mapped, 1);
  return CUDA_SUCCESS;
}

// The rest of what ffmpeg looks up when it loads the library. Its own parsers are used, and no lock is asked for.
#define DOES_NOTHING(name)     \
  EXPORTED CUresult name(void) \
  {                            \
    return CUDA_SUCCESS;       \
  }
DOES_NOTHING(cuvidCreateVideoParser)
DOES_NOTHING(cuvidCreateVideoSource)
DOES_NOTHING(cuvidCreateVideoSourceW)
DOES_NOTHING(cuvidCtxLock)
DOES_NOTHING(cuvidCtxLockCreate)
DOES_NOTHING(cuvidCtxLockDestroy)
DOES_NOTHING(cuvidCtxUnlock)
DOES_NOTHING(cuvidDecodePicture)
DOES_NOTHING(cuvidDestroyVideoParser)
DOES_NOTHING(cuvidDestroyVideoSource)
DOES_NOTHING(cuvidGetDecodeStatus)
DOES_NOTHING(cuvidGetSourceAudioFormat)
DOES_NOTHING(cuvidGetSourceVideoFormat)
DOES_NOTHING(cuvidGetVideoSourceState)
DOES_NOTHING(cuvidParseVideoData)
DOES_NOTHING(cuvidReconfigureDecoder)
DOES_NOTHING(cuvidSetVideoSourceState)
