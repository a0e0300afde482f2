import { localArn } from '../arn.ts';

export function jobArn(jobId: string): string {
  return localArn('batch', `job/${jobId}`);
}

export function queueArn(name: string): string {
  return localArn('batch', `job-queue/${name}`);
}

/** Every definition of the stand-in is in its first revision. */
export function definitionArn(name: string): string {
  return localArn('batch', `job-definition/${name}:1`);
}

/** @param queue a name or an ARN */
export function queueName(queue: string): string {
  return queue.replace(queueArn(''), '');
}

/** @param definition a name or an ARN, with or without its revision */
export function definitionName(definition: string): string {
  return definition.replace(localArn('batch', 'job-definition/'), '').replace(/:1$/, '');
}

export function childId(arrayJobId: string, index: number): string {
  return `${arrayJobId}:${index}`;
}
