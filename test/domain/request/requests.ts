import { expect } from 'vitest';
import { InvalidRequestError } from '../../../domain/errors.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import type { OutputRequest } from '../../../domain/request/output.ts';

type Fields = Record<string, unknown>;

/** A request that is accepted, with some of its fields replaced; `undefined` takes a field away. */
export function requestWith(fields: Fields = {}): Fields {
  return {
    input: { url: 'https://media.example.com/in.mp4' },
    destination: destinationWith(),
    outputs: [outputWith()],
    ...fields,
  };
}

export function destinationWith(fields: Fields = {}): Fields {
  const creds = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'wJalr/EXAMPLE+KEY' };
  return { provider: 's3', bucket: 'renditions', creds, ...fields };
}

export function outputWith(fields: Fields = {}): Fields {
  return { codec: 'h264', resolution: '1280x720', dest_path: 'out/720.mp4', ...fields };
}

/**
 * Everything that a request is refused for, each as `path message`; nothing when it is accepted. No sentence may show
 * what the code is made of.
 */
export function refusalsOf(request: unknown): string[] {
  try {
    parseJobRequest(JSON.stringify(request));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.problems.map(({ path, code, message }) => {
      expect(code).toBe('invalid_request');
      expect(message).not.toMatch(/invalid (type|format|key|length)|expected|undefined|NaN|\[object/i);
      return `${path} ${message}`.trimStart();
    });
  }
}

export function refusalsOfOutput(fields: Fields): string[] {
  return refusalsOf(requestWith({ outputs: [outputWith(fields)] }));
}

/** The output of a request with one output, as it was understood. */
export function parsedOutput(fields: Fields): OutputRequest {
  const [output] = parseJobRequest(JSON.stringify(requestWith({ outputs: [outputWith(fields)] }))).request
    .outputs;
  if (output === undefined) throw new Error('The request has no output');
  return output;
}
