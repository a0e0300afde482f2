import type {
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import type { ApiFunction } from '../domain/api-routes.ts';

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** The handlers of the Lambda functions. */
export interface Functions {
  readonly api: Readonly<Record<ApiFunction, ApiHandler>>;
  readonly settleJob: (event: unknown) => Promise<void>;
  readonly deliverCallback: (event: SQSEvent) => Promise<SQSBatchResponse>;
  readonly submitJob: (event: SQSEvent) => Promise<SQSBatchResponse>;
  readonly reconcileJobs: () => Promise<void>;
}

/** Loads the functions, which read the environment as they are loaded. One environment is all that a process has for them. */
export async function loadFunctions(environment: Readonly<Record<string, string>>): Promise<Functions> {
  // A profile of the developer's would count before the keys.
  delete process.env.AWS_PROFILE;
  delete process.env.AWS_SESSION_TOKEN;
  Object.assign(process.env, environment);
  const [createJob, planJob, getJob, listJobs, cancelJob, redeliverCallback] = await Promise.all([
    import('../lambdas/create-job.ts'),
    import('../lambdas/plan-job.ts'),
    import('../lambdas/get-job.ts'),
    import('../lambdas/list-jobs.ts'),
    import('../lambdas/cancel-job.ts'),
    import('../lambdas/redeliver-callback.ts'),
  ]);
  const [settleJob, deliverCallback, submitJob, reconcileJobs] = await Promise.all([
    import('../lambdas/settle-job.ts'),
    import('../lambdas/deliver-callback.ts'),
    import('../lambdas/submit-job.ts'),
    import('../lambdas/reconcile-jobs.ts'),
  ]);
  return {
    api: {
      'create-job': createJob.handler,
      'plan-job': planJob.handler,
      'get-job': getJob.handler,
      'list-jobs': listJobs.handler,
      'cancel-job': cancelJob.handler,
      'redeliver-callback': redeliverCallback.handler,
    },
    settleJob: settleJob.handler,
    deliverCallback: deliverCallback.handler,
    submitJob: submitJob.handler,
    reconcileJobs: reconcileJobs.handler,
  };
}
