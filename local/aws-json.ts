import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { readBody, sendJson } from './http-server.ts';

/** An error that the SDK throws again on the client's side, by its code. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

export type Operation = (input: unknown) => unknown;

/** A service that speaks AWS JSON 1.1. */
export interface JsonService {
  /** As in `AWS_ENDPOINT_URL_<ID>`, in lower case. */
  readonly id: string;
  readonly title: string;
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Answers AWS JSON 1.1: the operation is named by `X-Amz-Target: Service.Operation`. */
export function awsJsonListener(service: JsonService): RequestListener {
  return answering('application/x-amz-json-1.1', (request) => {
    const header = String(request.headers['x-amz-target']);
    const name = header.startsWith(`${service.target}.`) ? header.slice(service.target.length + 1) : header;
    return operationNamed(service, name);
  });
}

/** @throws AwsError NotImplemented when the table lacks the operation */
export function operationNamed(service: Omit<JsonService, 'target'>, name: string): Operation {
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation !== undefined) return operation;
  const text = `${service.id} ${name} is not implemented by the local ${service.title}`;
  throw new AwsError('NotImplemented', text, 501);
}

/** Reads a JSON body, runs the operation that `route` names, and answers with its result or its error. */
export function answering(
  contentType: string,
  route: (request: IncomingMessage) => Operation,
): RequestListener {
  return (request, response) => {
    const answer = async () => {
      refuseBrowsers(request);
      const body = await readJson(request);
      const output = await route(request)(body);
      sendJson(response, 200, output, { 'content-type': contentType });
    };
    answer().catch((error: unknown) => sendError(response, error, contentType));
  };
}

/**
 * Parses an operation's input.
 *
 * @param code of the AwsError that names the first thing wrong; a field that the schema lacks is NotImplemented
 */
export function parseInput<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  code: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  if (issue.expected === 'never') throw new AwsError('NotImplemented', `${path} is not implemented`, 501);
  throw new AwsError(code, path === null ? issue.message : `${path}: ${issue.message}`);
}

/**
 * A page in the developer's browser could reach these ports, and Batch starts processes. Browsers send `Origin` with
 * every POST to them (https://fetch.spec.whatwg.org/#origin-header); SDKs never do.
 */
function refuseBrowsers(request: IncomingMessage): void {
  if (request.headers.origin !== undefined)
    throw new AwsError('AccessDeniedException', 'The embedded AWS does not answer web pages', 403);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body === undefined || body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON');
  }
}

function sendError(response: ServerResponse, error: unknown, contentType: string): void {
  if (!(error instanceof AwsError)) console.error('The embedded AWS failed:', error);
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
  if (response.destroyed) return;
  const body = { __type: known.code, message: known.message };
  sendJson(response, known.status, body, { 'content-type': contentType, 'x-amzn-errortype': known.code });
}
