import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { OctetConfigInput } from '../../../lib/config.ts';
import { OctetStack } from '../../../lib/octet-stack.ts';

export const REGION = 'eu-central-1';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into properties of every form
  readonly Properties: any;
}

/** The stack with a configuration, as it is deployed. */
export function octetStack(config?: OctetConfigInput): OctetStack {
  return new OctetStack(new App(), 'Octet', { env: { region: REGION }, ...(config && { config }) });
}

export function templateOf(stack: Stack): Template {
  return Template.fromStack(stack);
}

/** The resources of a type, by the path of their constructs without slashes and hash: `ApiCreateFunction`. */
export function resourcesOf(template: Template, type: string): Map<string, Resource> {
  const found: Record<string, Resource> = template.findResources(type) as never;
  return new Map(Object.entries(found).map(([id, resource]) => [nameOf(id), resource]));
}

/** A logical id without the part that tells constructs of one name apart. */
export function nameOf(logicalId: string): string {
  return logicalId.replace(/^Octet/, '').replace(/[0-9A-F]{8}$/, '');
}
