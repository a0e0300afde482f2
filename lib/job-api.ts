import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { API_ROUTES, type ApiFunction } from '../domain/api-routes.ts';
import { LAMBDA_ENV } from '../domain/environment.ts';
import type { Callbacks } from './callbacks.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { JobTable } from './job-table.ts';
import { plannedFleet } from './planned-fleet.ts';
import { ServiceFunction } from './service-function.ts';
import type { Submissions } from './submissions.ts';
import type { TranscodingFleet } from './transcoding-fleet.ts';

const STAGE = 'api';

export interface JobApiProps {
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  readonly fleet: TranscodingFleet;
  readonly submissions: Submissions;
  readonly callbacks: Callbacks;
}

/** The HTTP API: each call is a function's, and asks for a key. */
export class JobApi extends Construct {
  readonly api: apigateway.RestApi;
  /** By the names that the configuration gives them. */
  readonly keys: ReadonlyMap<string, apigateway.IApiKey>;
  readonly functions: Readonly<Record<ApiFunction, ServiceFunction>>;
  /** Without a slash at the end. */
  readonly url: string;
  readonly #props: JobApiProps;

  constructor(scope: Construct, id: string, props: JobApiProps) {
    super(scope, id);
    this.#props = props;
    this.functions = {
      'create-job': this.#newCreate(),
      'plan-job': this.#newPlan(),
      'get-job': this.#newGet(),
      'list-jobs': this.#newList(),
      'cancel-job': this.#newCancel(),
      'redeliver-callback': this.#newRedeliver(),
    };
    this.api = this.#newApi();
    addGatewayResponses(this.api);
    for (const { method, path, function: name } of API_ROUTES) {
      const integration = new apigateway.LambdaIntegration(this.functions[name].function);
      this.api.root.resourceForPath(path).addMethod(method, integration, { apiKeyRequired: true });
    }
    this.keys = this.#newKeys();
    this.url = this.#useDomain() ?? this.api.url.replace(/\/$/, '');
    this.#acknowledge();
  }

  #newCreate(): ServiceFunction {
    const { fleet, encryption, jobTable, submissions, config } = this.#props;
    const create = this.#newFunction('Create', 'create-job', {
      [LAMBDA_ENV.keyId]: encryption.secretsKey.keyArn,
      ...fleet.environment,
      [LAMBDA_ENV.submissionQueueUrl]: submissions.queue.queueUrl,
      ...planning(config),
    });
    jobTable.grant(create, 'create', 'read', 'update');
    encryption.grantEncryptSecrets(create);
    fleet.grantSubmit(create);
    submissions.queue.grantSend(create);
    return create;
  }

  /** It has nothing of the service's: all that it needs to know is in its environment. */
  #newPlan(): ServiceFunction {
    return this.#newFunction('Plan', 'plan-job', planning(this.#props.config));
  }

  #newGet(): ServiceFunction {
    const get = this.#newFunction('Get', 'get-job', {});
    this.#props.jobTable.grant(get, 'read');
    return get;
  }

  #newList(): ServiceFunction {
    const list = this.#newFunction('List', 'list-jobs', {});
    this.#props.jobTable.grantIndex(list, 'by_tenant');
    return list;
  }

  #newCancel(): ServiceFunction {
    const { fleet, jobTable, callbacks } = this.#props;
    const cancel = this.#newFunction('Cancel', 'cancel-job', {
      ...fleet.environment,
      [LAMBDA_ENV.callbackQueueUrl]: callbacks.queue.queueUrl,
    });
    jobTable.grant(cancel, 'read', 'update');
    callbacks.queue.grantSend(cancel);
    fleet.grantTerminate(cancel);
    return cancel;
  }

  #newRedeliver(): ServiceFunction {
    const { jobTable, callbacks } = this.#props;
    const redeliver = this.#newFunction('Redeliver', 'redeliver-callback', {
      [LAMBDA_ENV.callbackQueueUrl]: callbacks.queue.queueUrl,
    });
    jobTable.grant(redeliver, 'read', 'update');
    callbacks.queue.grantSend(redeliver);
    return redeliver;
  }

  #newFunction(id: string, functionName: ApiFunction, environment: Record<string, string>): ServiceFunction {
    return new ServiceFunction(this, id, { ...this.#props, functionName, environment });
  }

  #newApi(): apigateway.RestApi {
    const { config, encryption } = this.#props;
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: config.logRetentionDays,
      encryptionKey: encryption.dataKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new apigateway.RestApi(this, 'Api', {
      restApiName: 'octet',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      apiKeySourceType: apigateway.ApiKeySourceType.HEADER,
      // API Gateway writes logs with a role of the account, which other APIs may use too.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: config.requestsPerSecond * config.apiKeys.length,
        throttlingBurstLimit: 2 * config.requestsPerSecond * config.apiKeys.length,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        // Bodies hold credentials.
        dataTraceEnabled: false,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: ACCESS_LOG_FORMAT,
      },
    });
  }

  #newKeys(): ReadonlyMap<string, apigateway.IApiKey> {
    const { apiKeys, requestsPerSecond } = this.#props.config;
    const plan = this.api.addUsagePlan('UsagePlan', {
      name: 'octet',
      apiStages: [{ api: this.api, stage: this.api.deploymentStage }],
      throttle: { rateLimit: requestsPerSecond, burstLimit: 2 * requestsPerSecond },
    });
    return new Map(
      apiKeys.map((name) => {
        const key = new apigateway.ApiKey(this, `Key-${name}`, { description: `Octet: ${name}` });
        plan.addApiKey(key);
        return [name, key];
      }),
    );
  }

  /** @returns the API's URL at the domain; undefined where none is wanted */
  #useDomain(): string | undefined {
    const { customDomain } = this.#props.config;
    if (customDomain === undefined) return undefined;
    const { domainName, certificateArn, hostedZone } = customDomain;
    this.api.addDomainName('Domain', {
      domainName,
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: apigateway.EndpointType.REGIONAL,
      securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
    });
    if (hostedZone) {
      new route53.ARecord(this, 'Alias', {
        zone: route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', hostedZone),
        recordName: domainName,
        target: route53.RecordTarget.fromAlias(new route53Targets.ApiGateway(this.api)),
      });
    }
    return `https://${domainName}`;
  }

  #acknowledge(): void {
    Validations.of(this.api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The functions validate each request themselves, and name every problem; the gateway names one.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'Keys, throttles and the size limit of bodies guard it; a web ACL costs more than the idle service.',
      },
      {
        id: 'AwsSolutions-APIG4',
        reason:
          'The API is for servers, which send a key: the contract of the v0 API has no other way to sign in.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'The API is for servers, which send a key: the contract of the v0 API has no user pools.',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason: 'The role with which API Gateway writes logs has the policy that AWS keeps for it.',
      },
    );
  }
}

/** What a function reads that looks at requests and plans them. */
function planning(config: OctetConfig): Record<string, string> {
  return {
    [LAMBDA_ENV.inputLimits]: JSON.stringify(config.inputLimits),
    [LAMBDA_ENV.fleet]: JSON.stringify(plannedFleet(config)),
  };
}

/** Neither bodies nor queries, which may hold secrets. */
const ACCESS_LOG_FORMAT = apigateway.AccessLogFormat.custom(
  JSON.stringify({
    request_id: apigateway.AccessLogField.contextRequestId(),
    time: apigateway.AccessLogField.contextRequestTime(),
    api_key_id: apigateway.AccessLogField.contextIdentityApiKeyId(),
    method: apigateway.AccessLogField.contextHttpMethod(),
    path: apigateway.AccessLogField.contextPath(),
    status: apigateway.AccessLogField.contextStatus(),
    latency_ms: apigateway.AccessLogField.contextResponseLatency(),
    bytes: apigateway.AccessLogField.contextResponseLength(),
    error: apigateway.AccessLogField.contextErrorMessage(),
  }),
);
