import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An AES-256 key. */
const keyBytes = 32;

/**
 * The key's material, made when it is asked for the first time and kept for good.
 *
 * @throws Error when its file does not hold a key: what it encrypted would be lost by making another
 */
export function keyMaterial(dataDir: string, id: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, `${id}.key`);
  const material = read(path) ?? create(path);
  if (material.length !== keyBytes) throw new Error(`${path} does not hold a key of ${keyBytes} bytes`);
  return material;
}

function read(path: string): Buffer | undefined {
  try {
    return Buffer.from(readFileSync(path, 'utf8'), 'base64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and linked, so that the file is whole or absent, and a key that is there is never replaced. */
function create(path: string): Buffer {
  const aside = `${path}.${randomUUID()}`;
  const material = randomBytes(keyBytes);
  writeFileSync(aside, material.toString('base64'), { mode: 0o600 });
  try {
    linkSync(aside, path);
  } finally {
    rmSync(aside);
  }
  return material;
}
