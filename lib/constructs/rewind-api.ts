import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AccessLogField,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { gatewayProblems } from '../../api/gateway-problems';
import type { RewindConfig } from '../config';

export interface RewindApiProps {
  throttling: RewindConfig['throttling'];
  /** Sends traces to X-Ray. */
  traced: boolean;
}

/**
 * The REST API. Every method is authorized by IAM, so that a policy can allow each verb on each namespace:
 * `arn:aws:execute-api:…/POST/namespaces/prod.a1b2c/workflows/cancel`.
 */
export class RewindApi extends Construct {
  readonly restApi: RestApi;

  constructor(scope: Construct, id: string, { throttling, traced }: RewindApiProps) {
    super(scope, id);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.restApi = new RestApi(this, 'RestApi', {
      // CloudWatch knows an API by its name alone: those of two stages must differ.
      restApiName: `rewind-${Stack.of(this).stackName}`,
      description: 'Cancels and resets Temporal workflows',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: throttling.rateLimit,
        throttlingBurstLimit: throttling.burstLimit,
        metricsEnabled: true,
        tracingEnabled: traced,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLogFormat(),
      },
    });
    this.answerGatewayErrorsAsProblems();
  }

  /** Sends `method` on `/namespaces/{namespace}/<path>` to the function. */
  route(method: 'GET' | 'POST', path: string, handler: IFunction): void {
    this.restApi.root
      .resourceForPath(`namespaces/{namespace}/${path}`)
      .addMethod(method, new LambdaIntegration(handler, { allowTestInvoke: false }));
  }

  /** What API Gateway answers by itself looks like what the functions answer (functions/http/problem.ts). */
  private answerGatewayErrorsAsProblems(): void {
    for (const { responseType, name, title, status, retryAfterSeconds } of gatewayProblems) {
      this.restApi.addGatewayResponse(`${responseType}Problem`, {
        type: ResponseType.of(responseType),
        ...(status !== undefined && { statusCode: String(status) }),
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

/** Who asked for what and how it went. Query strings and bodies stay out: they hold workflow ids and reasons. */
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
