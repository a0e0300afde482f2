import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { OUR_FAULTS } from '../domain/errors.ts';
import { RECONCILED_MESSAGE } from '../domain/job/attention.ts';
import { JOB_ENDED_MESSAGE } from '../domain/job/job-state.ts';
import type { Callbacks } from './callbacks.ts';
import type { Encryption } from './encryption.ts';
import type { JobApi } from './job-api.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Submissions } from './submissions.ts';

const NAMESPACE = 'Octet';

export interface MonitoringProps {
  readonly encryption: Encryption;
  readonly api: JobApi;
  readonly callbacks: Callbacks;
  readonly submissions: Submissions;
  readonly reconcile: ServiceFunction;
  /** @default nobody is told */
  readonly alarmEmail?: string | undefined;
}

/** Alarms for what needs somebody's hand, and one dashboard. */
export class Monitoring extends Construct {
  readonly topic: sns.Topic;
  readonly dashboard: cloudwatch.Dashboard;
  readonly alarms: readonly cloudwatch.Alarm[];
  readonly #props: MonitoringProps;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.#props = props;
    const { encryption, api, callbacks, submissions, alarmEmail } = props;
    this.topic = new sns.Topic(this, 'Alarms', {
      displayName: 'Octet alarms',
      masterKey: encryption.dataKey,
      enforceSSL: true,
    });
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));
    const failed = this.#jobsEnded(
      'JobsFailedByUs',
      OUR_FAULTS.map((code) => `$.code = "${code}"`).join(' || '),
    );
    this.alarms = [
      this.#alarm('DeadCallbacks', 'A callback could not be delivered', visible(callbacks.deadCallbacks), 0),
      this.#alarm('DeadSubmissions', 'A job could not be submitted', visible(submissions.deadSubmissions), 0),
      this.#alarm('OverdueJobs', 'Jobs were left undone, and helped on', this.#overdueJobs(), 0),
      this.#alarm('DeadEvents', 'The end of a job could not be settled', visible(callbacks.deadEvents), 0),
      this.#alarm(
        'WaitingCallbacks',
        'Callbacks wait although they are due',
        visible(callbacks.queue),
        100,
        3,
      ),
      this.#alarm('JobsFailedByUs', 'Jobs failed through no fault of theirs', failed, 0),
      this.#alarm('ServerErrors', 'The API answers 5xx', api.api.metricServerError(perFiveMinutes), 0),
      ...Object.entries(this.#functions()).map(([name, { function: each }]) =>
        this.#alarm(`Errors-${name}`, `The function ${name} fails`, each.metricErrors(perFiveMinutes), 0),
      ),
    ];
    this.dashboard = this.#newDashboard(failed);
  }

  #alarm(
    id: string,
    alarmDescription: string,
    metric: cloudwatch.IMetric,
    threshold: number,
    evaluationPeriods = 1,
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmDescription: `Octet: ${alarmDescription}; see docs/operations.md`,
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }

  /** Counts the jobs that have ended. @param which a condition of a filter pattern */
  #jobsEnded(metricName: string, which: string): cloudwatch.Metric {
    const pattern = `{ $.message = "${JOB_ENDED_MESSAGE}" && (${which}) }`;
    return this.#lines(metricName, this.#props.callbacks.settle, logs.FilterPattern.literal(pattern));
  }

  #overdueJobs(): cloudwatch.Metric {
    const pattern = logs.FilterPattern.stringValue('$.message', '=', RECONCILED_MESSAGE);
    return this.#lines('OverdueJobs', this.#props.reconcile, pattern);
  }

  /** Counts lines of a function's log. */
  #lines(
    metricName: string,
    { logGroup }: ServiceFunction,
    filterPattern: logs.IFilterPattern,
  ): cloudwatch.Metric {
    const filter = new logs.MetricFilter(this, `${metricName}Filter`, {
      logGroup,
      filterPattern,
      metricNamespace: NAMESPACE,
      metricName,
      metricValue: '1',
      defaultValue: 0,
    });
    return filter.metric(perFiveMinutes);
  }

  #newDashboard(failedByUs: cloudwatch.Metric): cloudwatch.Dashboard {
    const { api, callbacks } = this.#props;
    const complete = this.#jobsEnded('JobsComplete', '$.status = "complete"');
    const failed = this.#jobsEnded('JobsFailed', '$.status = "error"');
    const graph = (title: string, ...left: cloudwatch.IMetric[]) =>
      new cloudwatch.GraphWidget({ title, left, width: 8, height: 6 });
    return new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph('Jobs ended', complete, failed, failedByUs),
          graph('Requests', api.api.metricCount(), api.api.metricClientError(), api.api.metricServerError()),
          graph('Latency of the API (p95)', api.api.metricLatency({ statistic: 'p95' })),
        ],
        [
          graph(
            'Callbacks due',
            visible(callbacks.queue),
            callbacks.queue.metricApproximateNumberOfMessagesNotVisible(),
          ),
          graph('Dead letters', visible(callbacks.deadCallbacks), visible(callbacks.deadEvents)),
          graph(
            'Errors of functions',
            ...Object.values(this.#functions()).map(({ function: each }) => each.metricErrors()),
          ),
        ],
      ],
    });
  }

  #functions(): Readonly<Record<string, ServiceFunction>> {
    const { api, callbacks, submissions, reconcile } = this.#props;
    const { settle, deliver } = callbacks;
    return { ...api.functions, settle, deliver, submit: submissions.submit, reconcile };
  }
}

const perFiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' } as const;

function visible(queue: Callbacks['queue']): cloudwatch.Metric {
  return queue.metricApproximateNumberOfMessagesVisible({
    period: Duration.minutes(5),
    statistic: 'Maximum',
  });
}
