/**
 * For every client of AWS's services: without them the SDK waits for an answer for as long as it takes, and a connection that
 * is lost without a word costs a worker its whole time. In milliseconds; the silence is that of a connection.
 */
export const AWS_CLIENT_LIMITS = {
  requestHandler: { connectionTimeout: 3000, socketTimeout: 10_000 },
} as const;
