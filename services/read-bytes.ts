/** Bytes of a file that are read at once: more than Node's own 64 KiB, for each time costs. */
export const READ_BYTES = 256 * 1024;
