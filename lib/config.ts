import * as v from 'valibot';
import { inputLimitsSchema } from '../domain/media/input-limits.ts';
import { splitSettingsSchema } from '../domain/plan/fleet.ts';

/**
 * Families of EC2 instances whose GPUs have the NVENC encoder, with what is in them. Those for computing (P4, P5: A100, H100,
 * H200) have none: https://developer.nvidia.com/video-encode-decode-support-matrix
 */
export const GPU_INSTANCE_CLASSES = {
  g4dn: 'T4',
  g5: 'A10G',
  g6: 'L4',
  g6e: 'L40S',
  gr6: 'L4',
} as const;

export type GpuInstanceClass = keyof typeof GPU_INSTANCE_CLASSES;

/** What CloudWatch lets logs be kept for: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
] as const;

const count = (minimum: number, maximum: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(minimum, `must be at least ${minimum}`),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );

const arnOf = (service: string, form: RegExp, example: string) =>
  v.pipe(v.string(`must be ${example}`), v.regex(form, `must be the ARN of ${service}, such as ${example}`));

const roleArn = arnOf(
  'a role',
  /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
  'arn:aws:iam::123456789012:role/octet-upload',
);

const certificateArn = arnOf(
  'a certificate',
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/,
  'arn:aws:acm:us-east-1:123456789012:certificate/1234',
);

const instanceClass = v.picklist(
  Object.keys(GPU_INSTANCE_CLASSES) as GpuInstanceClass[],
  `must be one of ${Object.keys(GPU_INSTANCE_CLASSES).join(', ')}, whose GPUs have an encoder`,
);

const subnetId = v.pipe(
  v.string(),
  v.regex(
    /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/,
    'must be the id of a subnet, such as subnet-0123456789abcdef0',
  ),
);

const vpcSchema = v.strictObject({
  vpcId: v.pipe(
    v.string(),
    v.regex(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, 'must be the id of a VPC, such as vpc-0123456789abcdef0'),
  ),
  availabilityZones: v.pipe(v.array(v.string()), v.minLength(1, 'must name at least one')),
  /** Subnets from which the Internet is reached, one for each zone, in the same order. */
  publicSubnetIds: v.pipe(v.array(subnetId), v.minLength(1, 'must name at least one')),
});

const customDomainSchema = v.strictObject({
  domainName: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name in small letters'),
  ),
  /** Of a certificate in the region of the stack. */
  certificateArn,
  /** The zone in Route 53 in which the name is made to lead to the API. @default you make it lead there yourself */
  hostedZone: v.optional(v.strictObject({ hostedZoneId: v.string(), zoneName: v.string() })),
});

/** What whoever deploys Octet may set. Every default works in an empty account. */
export const configSchema = v.strictObject({
  /** Families of GPU instances that jobs may run on. @default g6 (L4) and g4dn (T4) */
  instanceClasses: v.optional(v.pipe(v.array(instanceClass), v.minLength(1, 'must name at least one')), [
    'g6',
    'g4dn',
  ]),
  /** Most vCPUs of GPU instances at the same time; a job takes four of them and a GPU. @default 64 */
  maxGpuVcpus: v.optional(count(4, 10_000), 64),
  /** Most vCPUs of instances without a GPU at the same time. @default 32 */
  maxPackagingVcpus: v.optional(count(2, 10_000), 32),
  /** Whether jobs wait for Spot instances instead of taking On-Demand ones when there are none. @default false */
  spotOnly: v.optional(v.boolean('must be true or false'), false),
  /** A VPC of yours for the fleet. @default a VPC of its own, with public subnets and no NAT */
  vpc: v.optional(vpcSchema),
  /** Zones for the fleet's own VPC: the more, the easier Spot instances are found. @default two of the region's */
  availabilityZones: v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'must name at least one'))),
  /** The most that inputs may be: bytes, seconds, streams, side, frame_rate. @default those of domain/media/input-limits.ts */
  inputLimits: v.optional(inputLimitsSchema, {}),
  /** When jobs are split over several machines, and into how many parts. @default those of domain/plan/fleet.ts */
  split: v.optional(splitSettingsSchema, {}),
  /** Who is told of alarms. @default nobody; the alarms are in CloudWatch */
  alarmEmail: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
  /** How long jobs can be asked for. @default 90 days */
  retentionDays: v.optional(count(1, 3650), 90),
  /** How long logs are kept. @default 30 days */
  logRetentionDays: v.optional(
    v.picklist(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
    30,
  ),
  /** ARNs of roles that jobs may name to upload with. @default none: jobs bring credentials */
  destinationRoles: v.optional(v.array(roleArn), []),
  /** A name of yours for the API. @default the one that API Gateway gives it */
  customDomain: v.optional(customDomainSchema),
  /** Names of the API keys to make. Each is a tenant, who sees its own jobs alone. @default one, named `default` */
  apiKeys: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-]+$/))), v.minLength(1)), ['default']),
  /** Requests that each key may send in a second. @default 50 */
  requestsPerSecond: v.optional(count(1, 10_000), 50),
  /**
   * Whether the functions that work in the background have concurrency of their own, so that neither they nor the API can
   * starve the other. New accounts have too little of it to reserve any: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   *
   * @default false
   */
  reserveConcurrency: v.optional(v.boolean('must be true or false'), false),
});

/** The configuration with nothing left open. */
export type OctetConfig = v.InferOutput<typeof configSchema>;
/** The configuration as it is given. */
export type OctetConfigInput = v.InferInput<typeof configSchema>;

/**
 * Parses a configuration.
 *
 * @param given an object, JSON text (as `cdk -c octet='{...}'` gives it), or nothing
 * @throws Error that names each setting that is not valid, and what it must be
 */
export function parseConfig(given: unknown): OctetConfig {
  const result = v.safeParse(configSchema, typeof given === 'string' ? JSON.parse(given) : (given ?? {}));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'octet'} ${explain(issue)}`);
  throw new Error(`The configuration of Octet is not valid:\n${problems.join('\n')}`);
}

function explain(issue: v.BaseIssue<unknown>): string {
  const isUnknownKey = issue.type === 'strict_object' && issue.expected === 'never';
  return isUnknownKey ? 'is not a setting of Octet; see lib/config.ts' : issue.message;
}
