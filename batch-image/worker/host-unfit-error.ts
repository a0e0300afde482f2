import { PieceStoreError } from '../../services/stored-piece.ts';

/** The host is not able to do the job, or any: it is to be tried on another. */
export class HostUnfitError extends Error {
  override readonly name = 'HostUnfitError';
}

/** The SDK's, when whoever gives credentials to the host does not answer: it has neither metadata nor a number. */
const NO_CREDENTIALS = 'CredentialsProviderError';

/**
 * Whether it was a call to AWS, or to the operating system, that failed: no fault of the job's, and it may go well on another
 * host or at another time. Users' inputs and destinations have errors of their own.
 */
export function isHostFailure(error: unknown): boolean {
  if (error instanceof HostUnfitError || error instanceof PieceStoreError) return true;
  if (!(error instanceof Error)) return false;
  return '$metadata' in error || 'errno' in error || error.name === NO_CREDENTIALS;
}
