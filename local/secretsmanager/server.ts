import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { localArn } from '../arn.ts';
import { AwsError, awsJsonListener, parseInput } from '../aws-json.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';

/** A secret's value, and the one that it replaced at its last rotation. */
export interface LocalSecret {
  readonly current: string;
  readonly previous?: string;
}

export interface LocalSecretsManagerOptions {
  /** By name. Read at each request, so a secret can be rotated while the server runs. */
  readonly secrets: Record<string, LocalSecret>;
  /** @default any free port */
  readonly port?: number;
}

const getSecretValueInput = v.strictObject({
  SecretId: v.string(),
  VersionStage: v.optional(v.string(), 'AWSCURRENT'),
});

/** Secrets Manager with fixed secrets: GetSecretValue. */
export function startSecretsManager({ secrets, port }: LocalSecretsManagerOptions): Promise<LocalServer> {
  function getSecretValue(body: unknown) {
    const input = parseInput(getSecretValueInput, body, 'InvalidParameterException');
    const name = Object.keys(secrets).find((each) => namesOf(each).includes(input.SecretId));
    const secret = name === undefined ? undefined : secrets[name];
    if (name === undefined || secret === undefined)
      throw notFound("Secrets Manager can't find the specified secret.");
    const value = valueAt(secret, input.VersionStage);
    if (value === undefined) {
      const text = `Secrets Manager can't find the specified secret value for staging label: ${input.VersionStage}`;
      throw notFound(text);
    }
    return {
      ARN: arnOf(name),
      Name: name,
      SecretString: value,
      VersionId: versionOf(value),
      VersionStages: [input.VersionStage],
    };
  }

  const operations = { GetSecretValue: getSecretValue };
  const service = { id: 'secretsmanager', title: 'Secrets Manager', target: 'secretsmanager', operations };
  return listenOnLoopback(awsJsonListener(service), port);
}

function valueAt(secret: LocalSecret, stage: string): string | undefined {
  if (stage === 'AWSCURRENT') return secret.current;
  return stage === 'AWSPREVIOUS' ? secret.previous : undefined;
}

/** AWS adds six characters to a secret's ARN, and accepts it without them. */
function arnOf(name: string): string {
  return `${localArn('secretsmanager', `secret:${name}`)}-${hexOf(name).slice(0, 6)}`;
}

function namesOf(name: string): string[] {
  return [name, arnOf(name), localArn('secretsmanager', `secret:${name}`)];
}

/** The same value has the same id, in the form of a UUID. */
function versionOf(value: string): string {
  return hexOf(value).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
