// libcuda.so.1: one GPU whose memory is the host's, so that frames in "GPU memory" are where the encoder finds them.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffnvcodec/dynlink_cuda.h>

#include "gpu.h"

#define EXPORTED __attribute__((visibility("default")))

// Those that ffmpeg has no name for: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html
enum {
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NO_DEVICE = 100,
};

// Rows begin at multiples of it, as on the hardware; a power of two.
static const size_t ROW_ALIGNMENT = 512;

// Contexts are told apart by nobody, and never looked into.
static CUcontext onlyContext(void)
{
  static char context;
  return (CUcontext)&context;
}

EXPORTED CUresult cuInit(unsigned int flags)
{
  return wantedFailure() == FAILURE_NO_DEVICE ? (CUresult)CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
}

EXPORTED CUresult cuGetErrorName(CUresult error, const char **name)
{
  *name = (int)error == CUDA_ERROR_NO_DEVICE ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_UNKNOWN";
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuGetErrorString(CUresult error, const char **text)
{
  *text = (int)error == CUDA_ERROR_NO_DEVICE ? "no CUDA-capable device is detected" : "unknown error";
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDriverGetVersion(int *version)
{
  *version = 12010;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDeviceGetCount(int *count)
{
  *count = 1;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDeviceGet(CUdevice *device, int ordinal)
{
  *device = ordinal;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDeviceGetName(char *name, int size, CUdevice device)
{
  snprintf(name, (size_t)size, "Stand-in %s", currentGpu()->name);
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDeviceComputeCapability(int *major, int *minor, CUdevice device)
{
  const Gpu *gpu = currentGpu();
  *major = gpu->computeMajor;
  *minor = gpu->computeMinor;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device)
{
  // ffmpeg asks for the alignment of textures alone.
  *value = (int)ROW_ALIGNMENT;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device)
{
  *context = onlyContext();
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuCtxGetCurrent(CUcontext *context)
{
  *context = onlyContext();
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuCtxPushCurrent_v2(CUcontext context)
{
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuCtxPopCurrent_v2(CUcontext *context)
{
  if (context != NULL) *context = onlyContext();
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuCtxGetDevice(CUdevice *device)
{
  *device = 0;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
  *context = onlyContext();
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned int *flags, int *isActive)
{
  *flags = 0;
  *isActive = 0;
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuMemAlloc_v2(CUdeviceptr *memory, size_t size)
{
  *memory = (CUdeviceptr)(uintptr_t)calloc(1, size);
  return *memory == 0 ? (CUresult)CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

EXPORTED CUresult cuMemAllocPitch_v2(
  CUdeviceptr *memory, size_t *pitch, size_t rowSize, size_t rows, unsigned int elementSize)
{
  *pitch = (rowSize + ROW_ALIGNMENT - 1) & ~(ROW_ALIGNMENT - 1);
  return cuMemAlloc_v2(memory, *pitch * rows);
}

EXPORTED CUresult cuMemFree_v2(CUdeviceptr memory)
{
  free((void *)(uintptr_t)memory);
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy)
{
  const char *source =
    copy->srcMemoryType == CU_MEMORYTYPE_HOST ? copy->srcHost : (const void *)(uintptr_t)copy->srcDevice;
  char *target = copy->dstMemoryType == CU_MEMORYTYPE_HOST ? copy->dstHost : (void *)(uintptr_t)copy->dstDevice;
  for (size_t row = 0; row < copy->Height; row++) {
    const char *from = source + (copy->srcY + row) * copy->srcPitch + copy->srcXInBytes;
    char *to = target + (copy->dstY + row) * copy->dstPitch + copy->dstXInBytes;
    memcpy(to, from, copy->WidthInBytes);
  }
  return CUDA_SUCCESS;
}

EXPORTED CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream)
{
  return cuMemcpy2D_v2(copy);
}

#define DOES_NOTHING(name)     \
  EXPORTED CUresult name(void) \
  {                            \
    return CUDA_SUCCESS;       \
  }
#include "cuda-unused.h"
