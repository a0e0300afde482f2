import { type JobPlanResource, jobPlanResource } from '../domain/plan/plan-resource.ts';
import { type ExamineServices, examineRequest } from './examine-request.ts';

/**
 * Tells what a job would be and cost. All is looked at as if it were created; nothing is stored or started.
 *
 * @throws OctetError as creating it would
 */
export async function planJob(services: ExamineServices, body: string): Promise<JobPlanResource> {
  const { input: facts, planned, renditions, warnings } = await examineRequest(services, body);
  const { etag: _, ...input } = facts;
  return jobPlanResource({ input, planned, renditions, host: services.fleet.host.name, warnings });
}
