import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { processesIn } from './processes.ts';
import type { Service } from './service.ts';
import { anyKeys, endpointOf } from './table.ts';

/** They hold the deployment's own keys, which are its owner's. */
const OWNERS_FILES = ['settings.json', 'endpoints.json'];

/**
 * Where something of a service's can be read that must not be: in its files, in what it prints, in what Batch says of its
 * jobs, and in the command lines and environments of its processes.
 *
 * @param answers of the API
 * @returns the places, each with the name of what was found
 */
export async function leaks(
  service: Service,
  secrets: Readonly<Record<string, string>>,
  answers: readonly unknown[],
): Promise<string[]> {
  const places = [
    ...filesOf(service),
    ['the output', service.output],
    ['DescribeJobs', await describedJobs(service)],
    ...processesIn(service).map(
      ({ command, environment }) => [command, `${command} ${environment}`] as const,
    ),
    ['the answers', JSON.stringify(answers)],
  ] as const;
  const needles = Object.entries(secrets).map(([name, secret]) => [name, formsOf(secret)] as const);
  return places.flatMap(([place, content]) => {
    const bytes = Buffer.from(content);
    const found = needles.filter(([, forms]) => forms.some((form) => bytes.includes(form)));
    return found.map(([name]) => `${name} in ${place}`);
  });
}

function filesOf({ dataDir }: Service): [name: string, content: Buffer][] {
  const entries = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !OWNERS_FILES.includes(entry.name));
  return files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path, readFileSync(path)];
  });
}

async function describedJobs(service: Service): Promise<string> {
  const files = readdirSync(join(service.dataDir, 'batch', 'jobs'));
  const client = new BatchClient({ endpoint: endpointOf(service, 'batch'), ...anyKeys });
  const jobs = files.map((name) => name.replace('.json', ''));
  const answer = await client.send(new DescribeJobsCommand({ jobs }));
  client.destroy();
  return JSON.stringify(answer.jobs);
}

/** A secret as it is, and as it looks in URLs, in hexadecimal and in base64. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => base64Within(bytes, shift));
  const hex = bytes.toString('hex');
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** The characters that bytes have in the base64 of something longer, in which they come behind 3n + `shift` others. */
function base64Within(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}
