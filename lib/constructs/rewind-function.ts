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
 * API Gateway times out after 29 s. A function must not act after that, since the caller has its answer.
 * `CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts has to stay well below.
 */
const functionTimeout = Duration.seconds(29);

export interface RewindFunctionProps {
  /** Folder under functions/ that holds the entry `index.ts`: the function, its folder and its construct share a name. */
  name: string;
  description: string;
  environment: Record<string, string>;
  /** What it reads of the deployment's configuration; nothing when absent. */
  configuration?: FunctionConfiguration;
  /** The `functions` section of the configuration. */
  config: RewindConfig['functions'];
  /** Most executions at once, reserved for it; as the account allows when absent. */
  maxConcurrency?: number | undefined;
  /** How long it may run; as long as API Gateway waits when absent. */
  timeout?: Duration;
}

/**
 * One of Rewind's Lambda functions: bundled with esbuild, on arm64, with a log group and a role of its own. The role
 * may write to that log group and nothing else until something is granted.
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
      ...(maxConcurrency !== undefined && { reservedConcurrentExecutions: maxConcurrency }),
      role,
      logGroup,
      environment: {
        ...environment,
        ...variablesOf(entriesOf(configuration, (entry) => !isKnown(entry))),
      },
    });
    acknowledgeCheckov(
      this,
      { id: 'CKV_AWS_115', reason: '`functions.maxConcurrency` reserves it, which takes from the account’s' },
      {
        id: 'CKV_AWS_116',
        reason: 'The queue of events has one; other callers get the error, and schedules come again',
      },
      { id: 'CKV_AWS_117', reason: '`functions.vpcId` puts it into one; it calls Temporal and AWS over TLS' },
      { id: 'CKV_AWS_173', reason: 'The variables hold names and ARNs, encrypted by Lambda’s own key, and no secrets' },
    );
  }

  /** Messages that Lambda could not deliver go to the queue, with the error as the attributes `ErrorCode` and `ErrorMessage`. */
  deadLetterTo(queue: IQueue): void {
    (this.node.defaultChild as CfnFunction).deadLetterConfig = { targetArn: queue.queueArn };
    queue.grantSendMessages(this);
  }

  /**
   * Has Lambda send traces to X-Ray, and an OpenTelemetry layer add the spans of the calls that the function makes
   * (aws/telemetry.ts).
   */
  traced(layerArn: string | undefined): void {
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    // X-Ray's actions take no resources.
    const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
    this.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
    Validations.of(this.role).acknowledge({
      id: nagFindingId(this, '*'),
      reason: 'X-Ray’s actions take no resources; these two write traces and read nothing',
    });
    if (layerArn === undefined) return;
    this.addLayers(LayerVersion.fromLayerVersionArn(this, 'OpenTelemetry', layerArn));
    // The layer's own start-up script.
    this.addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/opt/otel-handler');
    this.addEnvironment('OTEL_SERVICE_NAME', serviceName);
  }

  /**
   * Has Lambda run it in a VPC. The role may manage the network interfaces that Lambda makes for the function; the code of
   * the function, whose calls have `lambda:SourceFunctionArn`, may not.
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
      reason: 'The network interfaces that Lambda makes have no ids yet, and describing them takes no resources',
    });
  }

  /** What requests are sent to: an alias with that many instances kept warm, or the function itself. */
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
 * The function's bundle as an asset, with the namespaces beside it; or its source where nothing is to be bundled, as for
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
  const folder = path.join(Stage.of(scope)?.assetOutdir ?? 'cdk.out', 'rewind-functions', name);
  writeFunctionAsset(bundle, folder);
  if (Object.keys(configuration).length > 0) {
    writeFileSync(path.join(folder, CONFIGURATION_FILE), JSON.stringify(configuration));
  }
  return Code.fromAsset(folder);
}

/** Whether an entry of the configuration is known at synthesis, and not at deployment only. */
const isKnown = (entry: unknown): boolean => !Token.isUnresolved(JSON.stringify(entry));

/** The sections of the configuration with the entries that are chosen, without empty ones. */
function entriesOf(configuration: FunctionConfiguration, chosen: (entry: unknown) => boolean): FunctionConfiguration {
  const sections = Object.entries(configuration).map(([section, entries]) => [
    section,
    Object.fromEntries(Object.entries(entries as object).filter(([, entry]) => chosen(entry))),
  ]);
  return Object.fromEntries(
    sections.filter(([, entries]) => Object.keys(entries as object).length > 0),
  ) as FunctionConfiguration;
}

/** What is known at deployment only cannot be in the asset. */
function variablesOf({ namespaces, triggers }: FunctionConfiguration): Record<string, string> {
  return {
    ...(namespaces && { [EnvironmentVariable.namespaces]: JSON.stringify(namespaces) }),
    ...(triggers && { [EnvironmentVariable.triggers]: JSON.stringify(triggers) }),
  };
}
