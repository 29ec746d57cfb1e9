import { RemovalPolicy } from 'aws-cdk-lib';
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
import type { RewindConfig } from '../config';

export interface RewindApiProps {
  throttling: RewindConfig['throttling'];
}

/**
 * The REST API. Every method is authorized by IAM, so that a policy can allow each verb on each namespace:
 * `arn:aws:execute-api:…/POST/namespaces/prod.a1b2c/workflows/cancel`.
 */
export class RewindApi extends Construct {
  readonly restApi: RestApi;

  constructor(scope: Construct, id: string, { throttling }: RewindApiProps) {
    super(scope, id);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.restApi = new RestApi(this, 'RestApi', {
      restApiName: 'rewind',
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
    const problems: [ResponseType, name: string, title: string, status?: number][] = [
      [ResponseType.DEFAULT_4XX, 'refused-by-gateway', 'The request was refused'],
      [ResponseType.DEFAULT_5XX, 'gateway-failure', 'Rewind did not answer'],
      [ResponseType.ACCESS_DENIED, 'access-denied', 'IAM does not allow this', 403],
      [ResponseType.MISSING_AUTHENTICATION_TOKEN, 'unsigned-or-unknown-route', 'Not signed, or no such route', 403],
      [ResponseType.INVALID_SIGNATURE, 'invalid-signature', 'The signature is not valid', 403],
      [ResponseType.EXPIRED_TOKEN, 'expired-credentials', 'The credentials have expired', 403],
      [ResponseType.REQUEST_TOO_LARGE, 'payload-too-large', 'The request body is too large', 413],
      [ResponseType.THROTTLED, 'throttled-by-gateway', 'Too many requests', 429],
      [ResponseType.INTEGRATION_TIMEOUT, 'gateway-timeout', 'Rewind did not answer in time', 504],
    ];
    for (const [type, name, title, status] of problems) {
      this.restApi.addGatewayResponse(`${type.responseType}Problem`, {
        type,
        ...(status !== undefined && { statusCode: String(status) }),
        responseHeaders: {
          'Content-Type': "'application/problem+json'",
          ...(type === ResponseType.THROTTLED && { 'Retry-After': "'1'" }),
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
