import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../lib/config.ts';

it('has a default for everything', () => {
  expect(parseConfig(undefined)).toEqual({
    instanceClasses: ['g6', 'g4dn'],
    maxGpuVcpus: 64,
    maxPackagingVcpus: 32,
    spotOnly: false,
    inputLimits: { bytes: 1e12, seconds: 43_200, streams: 100, side: 16_384, frame_rate: 300 },
    split: { quick_s: 60, target_s: 20, min_span_s: 30, max_children: 64 },
    retentionDays: 90,
    logRetentionDays: 30,
    destinationRoles: [],
    apiKeys: ['default'],
    requestsPerSecond: 50,
    reserveConcurrency: false,
  });
});

it('takes JSON text, as the command line gives it', () => {
  expect(parseConfig('{"spotOnly": true}')).toMatchObject({ spotOnly: true });
});

const vpc = {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-central-1a'],
  publicSubnetIds: ['subnet-0123456789abcdef1'],
};
const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12-34';

describe('accepts', () => {
  it.each([
    { instanceClasses: ['g5'] },
    { instanceClasses: ['g6e', 'gr6'] },
    { maxGpuVcpus: 4 },
    { vpc },
    { alarmEmail: 'team@example.com' },
    { inputLimits: { seconds: 3600 } },
    { logRetentionDays: 365 },
    { split: { max_children: 1 } },
    { destinationRoles: ['arn:aws:iam::123456789012:role/path/upload'] },
    { customDomain: { domainName: 'video.example.com', certificateArn } },
    { apiKeys: ['alice', 'bob'] },
  ])('%j', (config) => {
    expect(parseConfig(config)).toMatchObject(config);
  });
});

describe('refuses', () => {
  const classes = 'must be one of g4dn, g5, g6, g6e, gr6, whose GPUs have an encoder';
  it.each([
    [{ instanceClasses: ['p4d'] }, `instanceClasses.0 ${classes}`],
    [{ instanceClasses: ['p5'] }, `instanceClasses.0 ${classes}`],
    [{ instanceClasses: [] }, 'instanceClasses must name at least one'],
    [{ maxGpuVcpus: 3 }, 'maxGpuVcpus must be at least 4'],
    [{ maxGpuVcpus: '64' }, 'maxGpuVcpus must be a number'],
    [{ inputLimits: { minutes: 5 } }, 'inputLimits.minutes is not a setting of Octet'],
    [{ inputLimits: { seconds: 0 } }, 'inputLimits.seconds must be at least 1'],
    [{ spotOnly: 'yes' }, 'spotOnly must be true or false'],
    [{ alarmEmail: 'team' }, 'alarmEmail must be an e-mail address'],
    [{ logRetentionDays: 31 }, 'logRetentionDays must be one of 1, 3, 5, 7, 14, 30'],
    [{ retentionDays: 0 }, 'retentionDays must be at least 1'],
    [{ destinationRoles: ['upload'] }, 'destinationRoles.0 must be the ARN of a role, such as arn:aws:iam::'],
    [{ vpc: { ...vpc, vpcId: 'mine' } }, 'vpc.vpcId must be the id of a VPC'],
    [{ customDomain: { domainName: 'x', certificateArn } }, 'customDomain.domainName must be a domain name'],
    [{ instances: 7 }, 'instances is not a setting of Octet'],
  ])('%j', (config, sentence) => {
    expect(() => parseConfig(config)).toThrow(`The configuration of Octet is not valid:\n  ${sentence}`);
  });
});
