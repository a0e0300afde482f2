/** The GPU of a host. */
export interface Gpu {
  /** NVIDIA's name, such as `NVIDIA L4`. */
  readonly name: string;
  /** Its generation: https://developer.nvidia.com/cuda-gpus */
  readonly computeCapability: number;
}

/** Finds the GPU in what ffmpeg's NVENC encoders say at `-loglevel verbose` when they are opened. */
export function parseGpu(lines: readonly string[]): Gpu | undefined {
  for (const line of lines) {
    const [, name, capability] = /GPU #\d+ - < (.+?) > has Compute SM (\d+\.\d+)/.exec(line) ?? [];
    if (name !== undefined) return { name, computeCapability: Number(capability) };
  }
  return undefined;
}
