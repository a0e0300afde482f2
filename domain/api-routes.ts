/** The name of a Lambda function behind the API, which is that of its file. */
export type ApiFunction =
  | 'create-job'
  | 'plan-job'
  | 'get-job'
  | 'list-jobs'
  | 'cancel-job'
  | 'redeliver-callback';

export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for a path parameter, as API Gateway writes it. */
  readonly path: string;
  readonly function: ApiFunction;
}

/** Every call of the API. */
export const API_ROUTES: readonly ApiRoute[] = [
  { method: 'POST', path: '/v0/jobs/create', function: 'create-job' },
  { method: 'POST', path: '/v0/jobs/plan', function: 'plan-job' },
  { method: 'GET', path: '/v0/jobs', function: 'list-jobs' },
  { method: 'GET', path: '/v0/jobs/{job_id}', function: 'get-job' },
  { method: 'POST', path: '/v0/jobs/{job_id}/cancel', function: 'cancel-job' },
  { method: 'POST', path: '/v0/jobs/{job_id}/callbacks/redeliver', function: 'redeliver-callback' },
];
