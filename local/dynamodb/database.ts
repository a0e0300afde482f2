import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import dynalite from 'dynalite';
import * as v from 'valibot';
import { AwsError } from '../aws-json.ts';

/** DynamoDB without its HTTP side. */
export interface Database {
  /** @throws AwsError what DynamoDB answers when it refuses */
  call(operation: string, input: unknown): Promise<unknown>;
  /** Ends what is under way, and closes the store. */
  close(): Promise<void>;
}

/** dynalite asks for the fields of a signature and does not look into them. */
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20120810T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=local, Signature=local',
};

const refusal = v.object({
  __type: v.string(),
  message: v.optional(v.string()),
  Message: v.optional(v.string()),
});

/**
 * Opens dynalite's store, which one process can do at a time.
 *
 * @param dataDir made when it is not there
 */
export function openDatabase(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true });
  const server = dynalite({ path: dataDir, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const underWay = new Set<Promise<unknown>>();
  return {
    async call(operation, input) {
      const called = callServer(server, operation, input);
      underWay.add(called);
      return called.finally(() => underWay.delete(called));
    },
    async close() {
      await Promise.allSettled(underWay);
      await closeServer(server);
    },
  };
}

/**
 * Hands dynalite a request that has wholly arrived. A real one would end the process when its client goes away in
 * mid-body: dynalite throws then where nothing can catch it.
 */
async function callServer(server: Server, operation: string, input: unknown): Promise<unknown> {
  const target = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
  const request = Object.assign(new EventEmitter(), {
    method: 'POST',
    url: '/',
    headers: { ...headers, ...target },
  });
  const { status, text } = await new Promise<{ status: number; text: string | undefined }>((resolve) => {
    const end = (answer?: string) => resolve({ status: response.statusCode, text: answer });
    const response = { statusCode: 200, setHeader() {}, end };
    server.emit('request', request, response);
    request.emit('data', Buffer.from(JSON.stringify(input)));
    request.emit('end');
  });
  const output: unknown = text === undefined ? undefined : JSON.parse(text);
  if (status === 200) return output;
  throw refused(status, output);
}

function refused(status: number, output: unknown): AwsError {
  const { __type, message, Message } = v.parse(refusal, output);
  return new AwsError(__type.replace(/^.*#/, ''), message ?? Message ?? '', status);
}

/** dynalite closes its store only when its server stops listening, so it listens for a moment. */
async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  await promisify(server.close.bind(server))();
}
