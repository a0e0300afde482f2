import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { type OctetConfig, type OctetConfigInput, parseConfig } from './config.ts';
import { Octet } from './octet.ts';

export interface OctetStackProps extends StackProps {
  readonly config?: OctetConfigInput;
}

/** The service as a stack of its own. */
export class OctetStack extends Stack {
  readonly octet: Octet;

  constructor(scope: Construct, id: string, { config, ...props }: OctetStackProps = {}) {
    super(scope, id, { description: 'Octet: video transcoding', ...props });
    const { vpc, ...settings } = parseConfig(config);
    this.octet = new Octet(this, 'Octet', {
      ...settings,
      ...(vpc && { vpc: this.#existingVpc(vpc) }),
    });
    new CfnOutput(this, 'Url', { value: this.octet.url, description: 'Of the API' });
    new CfnOutput(this, 'CallbackSecret', {
      value: this.octet.callbackSecret.secretArn,
      description: 'The secret with which callbacks are signed, in Secrets Manager',
    });
    for (const [name, key] of this.octet.api.keys) {
      new CfnOutput(this, `ApiKey${name}`, {
        value: key.keyId,
        description: `aws apigateway get-api-key --include-value --api-key ID shows the key ${name}`,
      });
    }
  }

  /** The VPC by what is known of it, so that nothing has to be looked up. */
  #existingVpc(attributes: NonNullable<OctetConfig['vpc']>): ec2.IVpc {
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', attributes);
    Validations.of(vpc).acknowledge({
      id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
      reason: 'No route is added to subnets that are not ours.',
    });
    return vpc;
  }
}
