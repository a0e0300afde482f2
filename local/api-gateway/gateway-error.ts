import { type ErrorCode, HIDDEN_MESSAGE } from '../../domain/errors.ts';

/** What the gateway answers by itself. The message is for the caller, the cause for the log. */
export class GatewayError extends Error {
  readonly status: number;
  readonly code: ErrorCode;

  constructor(status: number, code: ErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'GatewayError';
    this.status = status;
    this.code = code;
  }
}

/** A failure whose cause is not the caller's business. */
export function hiddenError(status: number, cause: unknown): GatewayError {
  return new GatewayError(status, 'internal', HIDDEN_MESSAGE, { cause });
}
