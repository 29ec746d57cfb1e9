import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AccessLogField,
  ApiKey,
  AuthorizationType,
  AwsIntegration,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  Period,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { EndpointConfiguration, Integration } from 'aws-cdk-lib/aws-apigateway';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Grant, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../../api';
import { gatewayProblems } from '../../api/gateway-problems';
import type { Role } from '../../api/roles';
import { NAMESPACE_PATH } from '../../api/route';
import type { Route } from '../../api/route';
import { acknowledgeCheckov, encryptedByCloudWatch } from '../checkov-finding';
import type { RewindConfig } from '../config';
import { methodsOf } from '../api-methods';
import { ApiFirewall } from './api-firewall';
import { apiResourcePolicy } from './api-resource-policy';

export interface RewindApiProps {
  throttling: RewindConfig['throttling'];
  /** Whether API Gateway sends traces to X-Ray. */
  traced: boolean;
  /** Networks and accounts that can reach the API. IAM also authorizes each request. */
  reach: RewindConfig['api'];
}

/** Roles on namespaces. */
export interface ApiAccess {
  roles: readonly Role[];
  /** Names of the namespaces. */
  namespaces: readonly string[];
}

const stageName = 'v1';

/**
 * The REST API. Every method is authorized by IAM, so that a policy can allow each verb on each namespace:
 * `arn:aws:execute-api:…/POST/namespaces/prod.a1b2c/workflows/cancel`.
 */
export class RewindApi extends Construct {
  readonly restApi: RestApi;

  constructor(scope: Construct, id: string, { throttling, traced, reach }: RewindApiProps) {
    super(scope, id);
    const policy = apiResourcePolicy(reach);
    const clients = Object.entries(reach.usagePlans);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.restApi = new RestApi(this, 'RestApi', {
      // CloudWatch metrics identify an API by its name, so the names of two stages have to differ.
      restApiName: `${Stack.of(this).stackName}-rewind`,
      description: 'Cancels and resets Temporal workflows',
      endpointConfiguration: this.endpoint(reach.vpcEndpointIds),
      policy,
      cloudWatchRole: reach.accountLogRole,
      cloudWatchRoleRemovalPolicy: reach.accountLogRole ? RemovalPolicy.RETAIN : undefined,
      defaultMethodOptions: {
        authorizationType: AuthorizationType.IAM,
        // For all clients if one has a usage plan, because requests without a key would be unlimited.
        ...(clients.length > 0 && { apiKeyRequired: true }),
      },
      deployOptions: {
        stageName,
        throttlingRateLimit: throttling.rateLimit,
        throttlingBurstLimit: throttling.burstLimit,
        metricsEnabled: true,
        tracingEnabled: traced,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLogFormat(),
      },
    });
    this.addProblemResponses();
    this.acknowledge(reach.waf !== undefined);
    acknowledgeCheckov(accessLogs, encryptedByCloudWatch);
    acknowledgeCheckov(
      this.restApi.deploymentStage,
      { id: 'CKV_AWS_120', reason: 'A cached response would be stale, and would be returned to other callers' },
      ...(traced ? [] : [{ id: 'CKV_AWS_73', reason: '`tracing` turns it on' }]),
    );
    for (const [client, plan] of clients) this.limit(client, plan);
    if (reach.waf) new ApiFirewall(this, 'Firewall', { stage: this.restApi.deploymentStage, config: reach.waf });
  }

  /** Adds a route, which invokes the function. */
  route(route: Route, handler: IFunction): void {
    this.restApi.root
      .resourceForPath(`${NAMESPACE_PATH}/${route.path}`)
      .addMethod(route.method, this.integration(route, handler));
  }

  /**
   * Returns the integration of a route, with the permission to invoke the function. The routes of a function with several have
   * the same first part of the path, and share a permission, because a stack is limited to 500 resources.
   */
  private integration({ method, path, function: name }: Route, handler: IFunction): Integration {
    const isShared = Object.values<Route>(routes).filter((other) => other.function === name).length > 1;
    if (!isShared) return new LambdaIntegration(handler, { allowTestInvoke: false });
    if (!handler.permissionsNode.tryFindChild('Api')) {
      const [first = ''] = path.split('/');
      const below = `/${NAMESPACE_PATH.replace('{namespace}', '*')}/${first}/*`;
      handler.addPermission('Api', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: this.restApi.arnForExecuteApi(method, below, stageName),
      });
    }
    return new AwsIntegration({
      service: 'lambda',
      path: `2015-03-31/functions/${handler.functionArn}/invocations`,
      proxy: true,
    });
  }

  /** Grants a principal only the methods of the roles on the namespaces. */
  grantInvoke(grantee: IGrantable, { roles, namespaces }: ApiAccess): Grant {
    const resourceArns = namespaces
      .flatMap((namespace) => methodsOf(roles, namespace))
      .map(({ method, path }) => this.restApi.arnForExecuteApi(method, `/${path}`, stageName));
    return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns });
  }

  /** Acknowledges findings of cdk-nag, with reasons. */
  private acknowledge(hasFirewall: boolean): void {
    Validations.of(this.restApi).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'The functions validate every request against a schema, and the error names the invalid field',
      },
      { id: 'AwsSolutions-COG4', reason: 'IAM authorizes every method: callers are AWS principals, not a user pool' },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'Execution logs would contain workflow ids and reasons; the access log and the functions’ logs are sufficient without them',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          'The role with which API Gateway writes logs is shared by all APIs of the account, and AWS prescribes its policy',
      },
      ...(hasFirewall
        ? []
        : [
            {
              id: 'AwsSolutions-APIG3',
              reason: '`api.waf` adds a firewall; unsigned requests do not reach a function',
            },
          ]),
    );
  }

  private endpoint(vpcEndpointIds: string[] | undefined): EndpointConfiguration {
    if (!vpcEndpointIds) return { types: [EndpointType.REGIONAL] };
    const vpcEndpoints = vpcEndpointIds.map((vpcEndpointId) =>
      InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(this, vpcEndpointId, { vpcEndpointId, port: 443 }),
    );
    return { types: [EndpointType.PRIVATE], vpcEndpoints };
  }

  /** Adds an API key and a usage plan for a client. The key identifies the client for its limits only; IAM authenticates callers. */
  private limit(client: string, plan: RewindConfig['api']['usagePlans'][string]): void {
    const { rateLimit, burstLimit, requestsPerDay } = plan;
    const usagePlan = this.restApi.addUsagePlan(`UsagePlan-${client}`, {
      description: `Rewind client ${client}`,
      throttle: { rateLimit, burstLimit },
      quota: requestsPerDay === undefined ? undefined : { limit: requestsPerDay, period: Period.DAY },
      apiStages: [{ api: this.restApi, stage: this.restApi.deploymentStage }],
    });
    usagePlan.addApiKey(new ApiKey(this, `ApiKey-${client}`, { description: `Rewind client ${client}` }));
  }

  /** Gives API Gateway's error responses the format of the functions' error responses (functions/http/problem.ts). */
  private addProblemResponses(): void {
    for (const { responseType, name, title, status, retryAfterSeconds } of gatewayProblems) {
      this.restApi.addGatewayResponse(`${responseType}Problem`, {
        type: ResponseType.of(responseType),
        statusCode: status?.toString(),
        responseHeaders: {
          'Content-Type': "'application/problem+json'",
          ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
        },
        templates: {
          'application/json': [
            `{"type":"urn:rewind:problem:${name}","title":"${title}"`,
            ...(status === undefined ? [] : [`"status":${status}`]),
            '"detail":$context.error.messageString,"requestId":"$context.requestId"}',
          ].join(','),
        },
      });
    }
  }
}

/** Logs the caller, route and result of each request, but not query strings and bodies, which have workflow ids and reasons. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      requestTime: AccessLogField.contextRequestTime(),
      caller: AccessLogField.contextIdentityUserArn(),
      sourceIp: AccessLogField.contextIdentitySourceIp(),
      method: AccessLogField.contextHttpMethod(),
      path: AccessLogField.contextPath(),
      status: AccessLogField.contextStatus(),
      responseLatency: AccessLogField.contextResponseLatency(),
      integrationLatency: AccessLogField.contextIntegrationLatency(),
      error: AccessLogField.contextErrorMessage(),
    }),
  );
}
