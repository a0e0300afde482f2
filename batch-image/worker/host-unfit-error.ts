/** The host is not able to do the job, or any: it is to be tried on another. */
export class HostUnfitError extends Error {
  override readonly name = 'HostUnfitError';
}
