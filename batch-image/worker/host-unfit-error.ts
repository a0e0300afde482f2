import { PieceStoreError } from '../../services/stored-piece.ts';

/** The host is not able to do the job, or any: it is to be tried on another. */
export class HostUnfitError extends Error {
  override readonly name = 'HostUnfitError';
}

/**
 * Whether it was a call to AWS, or to the operating system, that failed: no fault of the job's, and it may go well on another
 * host or at another time. Users' inputs and destinations have errors of their own.
 */
export function isHostFailure(error: unknown): boolean {
  return (
    error instanceof HostUnfitError ||
    error instanceof PieceStoreError ||
    (error instanceof Error && ('$metadata' in error || 'errno' in error))
  );
}
