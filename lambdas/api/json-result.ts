import type { APIGatewayProxyResult } from 'aws-lambda';

export function jsonResult(statusCode: number, body: object): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
