import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseConfig } from '../lib/config.ts';
import { OctetStack } from '../lib/octet-stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new OctetStack(app, 'Octet', {
  // The account is left open, so that synthesizing asks AWS nothing.
  env: { region: process.env.AWS_REGION ?? process.env.CDK_DEFAULT_REGION ?? 'us-east-1' },
  config: parseConfig(app.node.tryGetContext('octet')),
});
