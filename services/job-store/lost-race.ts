import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { LostRaceError } from '../../domain/errors.ts';

/** Calls a conditional write that did not happen by its name. @throws LostRaceError */
export async function lostRaceNamed(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      throw new LostRaceError('The item is not in the state that this write needs.', { cause: error });
    }
    throw error;
  }
}
