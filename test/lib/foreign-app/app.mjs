import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Octet } from 'octet/cdk';

const stack = new Stack(new App(), 'Videos', { env: { region: 'eu-west-1' } });
new s3.Bucket(stack, 'Uploads', { enforceSSL: true });
const octet = new Octet(stack, 'Octet', { spotOnly: true });
const receiver = new iam.Role(stack, 'Receiver', {
  assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
});
octet.grantVerifyCallbacks(receiver);
