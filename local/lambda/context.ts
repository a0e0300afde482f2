import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { localArn } from '../arn.ts';

/**
 * What a function learns of its invocation.
 *
 * @param limit of its time, in milliseconds from now
 */
export function lambdaContext(functionName: string, limit: number): Context {
  const deadline = Date.now() + limit;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: localArn('lambda', `function:${functionName}`),
    memoryLimitInMB: '1024',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: refuseCallback,
    fail: refuseCallback,
    succeed: refuseCallback,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: Node.js 24 has no callbacks any more. */
function refuseCallback(): never {
  throw new Error('Return a promise: Lambda functions no longer end by done, fail or succeed');
}
