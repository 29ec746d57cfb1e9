import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Duration, RemovalPolicy, Stack, Stage, Token, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CONFIGURATION_FILE, EnvironmentVariable } from '../../aws/environment';
import type { FunctionConfiguration } from '../../aws/environment';
import { serviceName } from '../../aws/metrics';
import { HANDLER, writeFunctionAsset } from '../bundling/function-asset';
import { functionBundles, functionFolder } from '../bundling/function-bundles';
import { acknowledgeCheckov, encryptedByCloudWatch } from '../checkov-finding';
import type { RewindConfig } from '../config';
import { nagFindingId } from '../nag-finding-id';
import { FunctionRole } from './function-role';

/**
 * API Gateway's integration timeout. A function must not act later, because the caller already has a response.
 * `CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts has to be well below it.
 */
const functionTimeout = Duration.seconds(29);

export interface RewindFunctionProps {
  /** Name of the directory in functions/ that contains `index.ts`. */
  name: string;
  description: string;
  environment: Record<string, string>;
  /** The parts of the deployment's configuration that the function reads. None when absent. */
  configuration?: FunctionConfiguration;
  /** The `functions` section of the configuration. */
  config: RewindConfig['functions'];
  /** Reserved concurrency. Limited only by the account when absent. */
  maxConcurrency?: number | undefined;
  /** Timeout. API Gateway's timeout when absent. */
  timeout?: Duration;
}

/**
 * A Lambda function of Rewind: bundled with esbuild, on arm64, with its own log group and role. Initially, the role only
 * allows writing to this log group.
 */
export class RewindFunction extends LambdaFunction {
  declare readonly role: FunctionRole;

  constructor(scope: Construct, id: string, props: RewindFunctionProps) {
    const {
      name,
      description,
      environment,
      configuration = {},
      config,
      maxConcurrency,
      timeout = functionTimeout,
    } = props;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new FunctionRole(scope, `${id}Role`, `Rewind function ${name}`);
    logGroup.grantWrite(role);
    acknowledgeCheckov(logGroup, encryptedByCloudWatch);

    super(scope, id, {
      description,
      code: functionCode(scope, name, config, entriesOf(configuration, isKnown)),
      handler: HANDLER,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: config.memoryMiB,
      timeout,
      reservedConcurrentExecutions: maxConcurrency,
      role,
      logGroup,
      environment: {
        ...environment,
        ...variablesOf(entriesOf(configuration, (entry) => !isKnown(entry))),
      },
    });
    acknowledgeCheckov(
      this,
      { id: 'CKV_AWS_115', reason: '`functions.maxConcurrency` reserves concurrency, which reduces the account’s' },
      {
        id: 'CKV_AWS_116',
        reason: 'The event queue has one; other callers get the error, and schedules repeat every minute',
      },
      { id: 'CKV_AWS_117', reason: '`functions.vpcId` places it in a VPC; it calls Temporal and AWS over TLS' },
      { id: 'CKV_AWS_173', reason: 'The variables have names and ARNs but no secrets, and Lambda encrypts them' },
    );
  }

  /** Sends events whose asynchronous invocations fail to the queue, with the attributes `ErrorCode` and `ErrorMessage`. */
  deadLetterTo(queue: IQueue): void {
    (this.node.defaultChild as CfnFunction).deadLetterConfig = { targetArn: queue.queueArn };
    queue.grantSendMessages(this);
  }

  /**
   * Enables X-Ray traces. With an OpenTelemetry layer, traces include the spans of the function's calls (aws/telemetry.ts).
   */
  traced(layerArn: string | undefined): void {
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    // X-Ray's actions do not support resources.
    const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
    this.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
    Validations.of(this.role).acknowledge({
      id: nagFindingId(this, '*'),
      reason: 'X-Ray’s actions do not support resources; these two only write traces',
    });
    if (layerArn === undefined) return;
    this.addLayers(LayerVersion.fromLayerVersionArn(this, 'OpenTelemetry', layerArn));
    // The start-up script of the layer.
    this.addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/opt/otel-handler');
    this.addEnvironment('OTEL_SERVICE_NAME', serviceName);
  }

  /**
   * Places the function in a VPC. The role allows Lambda to manage the function's network interfaces, but not the function's
   * own code, whose calls have `lambda:SourceFunctionArn`.
   */
  placedIn(subnetIds: string[], securityGroup: ISecurityGroup): void {
    const { securityGroupId } = securityGroup;
    (this.node.defaultChild as CfnFunction).vpcConfig = { subnetIds, securityGroupIds: [securityGroupId] };
    this.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'ec2:AssignPrivateIpAddresses',
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
        conditions: { Null: { 'lambda:SourceFunctionArn': 'true' } },
      }),
    );
    Validations.of(this.role).acknowledge({
      id: nagFindingId(this, '*'),
      reason:
        'The ids of the network interfaces are not known in advance, and describing them does not support resources',
    });
  }

  /** Returns an alias with provisioned concurrency, or the function itself if `instances` is undefined. */
  withProvisionedConcurrency(instances: number | undefined): IFunction {
    if (instances === undefined) return this;
    return new Alias(this, 'Warm', {
      aliasName: 'warm',
      version: this.currentVersion,
      provisionedConcurrentExecutions: instances,
    });
  }
}

/**
 * Returns the function's bundle and configuration file as an asset, or its source if the stack needs no bundling, as with
 * `cdk list`.
 */
function functionCode(
  scope: Construct,
  name: string,
  config: RewindConfig['functions'],
  configuration: FunctionConfiguration,
): Code {
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(functionFolder(name));
  const bundle = functionBundles(config).get(name);
  if (!bundle) throw new Error(`there is no functions/${name}/index.ts`);
  // A folder for each construct: the CDK reads a folder once, so that a second stack of the app would get the configuration of the first.
  const folder = path.join(Stage.of(scope)?.assetOutdir ?? 'cdk.out', 'rewind-functions', name, scope.node.addr);
  writeFunctionAsset(bundle, folder);
  if (Object.keys(configuration).length > 0) {
    writeFileSync(path.join(folder, CONFIGURATION_FILE), JSON.stringify(configuration));
  }
  return Code.fromAsset(folder);
}

/** Returns whether an entry of the configuration has no tokens, so that it is known at synthesis. */
const isKnown = (entry: unknown): boolean => !Token.isUnresolved(JSON.stringify(entry));

/** Returns the configuration with only the chosen entries, without empty sections. */
function entriesOf(configuration: FunctionConfiguration, chosen: (entry: unknown) => boolean): FunctionConfiguration {
  const sections = Object.entries(configuration).map(([section, entries]) => [
    section,
    Object.fromEntries(Object.entries(entries as object).filter(([, entry]) => chosen(entry))),
  ]);
  return Object.fromEntries(
    sections.filter(([, entries]) => Object.keys(entries as object).length > 0),
  ) as FunctionConfiguration;
}

/** Returns environment variables for values that are only known at deployment, which cannot be in the asset. */
function variablesOf({ namespaces, triggers }: FunctionConfiguration): Record<string, string> {
  return {
    ...(namespaces && { [EnvironmentVariable.namespaces]: JSON.stringify(namespaces) }),
    ...(triggers && { [EnvironmentVariable.triggers]: JSON.stringify(triggers) }),
  };
}
