import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Callbacks } from './callbacks.ts';
import { type OctetConfigInput, parseConfig } from './config.ts';
import { Encryption } from './encryption.ts';
import { JobApi } from './job-api.ts';
import { JobTable } from './job-table.ts';
import { Monitoring } from './monitoring.ts';
import { Reconciliation } from './reconciliation.ts';
import { Submissions } from './submissions.ts';
import { TranscodingFleet } from './transcoding-fleet.ts';

/** Every setting of the configuration is a property; the VPC is a construct here. */
export interface OctetProps extends Omit<OctetConfigInput, 'vpc'> {
  /** Where the fleet is, with public subnets. @default a VPC of its own */
  readonly vpc?: ec2.IVpc;
}

/** A whole video transcoding service. */
export class Octet extends Construct {
  /** Of the API, without a slash at the end: `POST {url}/v0/jobs/create`. */
  readonly url: string;
  readonly api: JobApi;
  readonly jobTable: JobTable;
  readonly fleet: TranscodingFleet;
  readonly callbacks: Callbacks;
  readonly monitoring: Monitoring;

  /** @throws Error that names each property that is not valid */
  constructor(scope: Construct, id: string, { vpc, ...settings }: OctetProps = {}) {
    super(scope, id);
    const config = parseConfig(settings);
    const encryption = new Encryption(this, 'Encryption');
    this.jobTable = new JobTable(this, 'JobTable', { encryption });
    const { jobTable } = this;
    this.fleet = new TranscodingFleet(this, 'Fleet', { config, encryption, jobTable, vpc });
    const { fleet } = this;
    this.callbacks = new Callbacks(this, 'Callbacks', { config, encryption, jobTable, fleet });
    const { callbacks } = this;
    const parts = { config, encryption, jobTable, fleet, callbacks };
    const submissions = new Submissions(this, 'Submissions', parts);
    this.api = new JobApi(this, 'Api', { ...parts, submissions });
    this.url = this.api.url;
    const { reconcile } = new Reconciliation(this, 'Reconciliation', { ...parts, submissions });
    const { api } = this;
    this.monitoring = new Monitoring(this, 'Monitoring', {
      ...config,
      encryption,
      api,
      callbacks,
      submissions,
      reconcile,
    });
  }

  /** Signs callbacks that bring no secret of their own. */
  get callbackSecret(): secretsmanager.ISecret {
    return this.callbacks.secret;
  }

  /** Lets somebody read the secret with which callbacks are signed, to verify them. */
  grantVerifyCallbacks(grantee: iam.IGrantable): iam.Grant {
    return this.callbacks.secret.grantRead(grantee);
  }
}
