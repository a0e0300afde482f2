import type { Answer } from './answer.ts';
import type { Call } from './operation.ts';

/** Answers alike whether there was such an object or not. */
export function deleteObject({ request, storage }: Call): Answer {
  storage.buckets.get(request.bucket).remove(request.key);
  return { status: 204 };
}
