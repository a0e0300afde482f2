import { type FileHandle, open } from 'node:fs/promises';
import * as v from 'valibot';
import { isMissing } from './missing.ts';

/** A file of bytes that a description of them follows, so that one renaming puts both in place. */
export interface DescribedFile<T> {
  readonly handle: FileHandle;
  /** Bytes, without the description. */
  readonly size: number;
  readonly description: T;
}

/** The description's length stands at the very end. */
const lengthBytes = 4;

/** Ends a file that holds its bytes already. */
export async function appendDescription(handle: FileHandle, description: unknown): Promise<void> {
  const json = Buffer.from(JSON.stringify(description));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(json.length);
  await handle.appendFile(Buffer.concat([json, length]));
}

/**
 * Opens a file whose bytes go on being there, whatever replaces it. The caller closes it.
 *
 * @returns undefined when there is none
 * @throws Error when the file has no such description
 */
export async function openDescribed<S extends v.GenericSchema>(
  path: string,
  schema: S,
): Promise<DescribedFile<v.InferOutput<S>> | undefined> {
  const handle = await openExisting(path);
  if (handle === undefined) return undefined;
  try {
    const { size: end } = await handle.stat();
    const length = (await readAt(handle, end - lengthBytes, lengthBytes)).readUInt32BE();
    const size = end - lengthBytes - length;
    const json = await readAt(handle, size, length);
    return { handle, size, description: v.parse(schema, JSON.parse(json.toString())) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  if (position < 0) throw new Error('The file has no description');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('The file has no whole description');
  return buffer;
}
