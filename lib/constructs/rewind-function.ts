import path from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * API Gateway gives up on an integration after 29 s; a function that outlives that would act on nobody's behalf.
 * `CALL_DEADLINE_MS` in operations/temporal/namespace-client.ts has to stay well below.
 */
const functionTimeout = Duration.seconds(29);

export interface RewindFunctionProps {
  /** Folder under functions/ that holds the entry `index.ts`: the function, its folder and its construct share a name. */
  name: string;
  description: string;
  environment: Record<string, string>;
}

/**
 * One of Rewind's Lambda functions: bundled with esbuild, on arm64, with a log group and a role of its own. The role
 * may write to that log group and nothing else until something is granted.
 */
export class RewindFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, { name, description, environment }: RewindFunctionProps) {
    const root = path.resolve(__dirname, '../..');
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Rewind function ${name}`,
    });
    logGroup.grantWrite(role);

    super(scope, id, {
      description,
      entry: path.join(root, 'functions', name, 'index.ts'),
      projectRoot: root,
      depsLockFilePath: path.join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: functionTimeout,
      role,
      logGroup,
      environment,
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.CJS,
        // The oldest Node that runs Rewind locally; the deployed one is newer.
        target: 'node20',
        // Everything is bundled, the AWS SDK too: what was tested is what runs.
        externalModules: [],
        logLevel: LogLevel.ERROR,
        // Shortened names cost 10 ms of compiling at a cold start and make stack traces unreadable.
        esbuildArgs: { '--minify-whitespace': true, '--minify-syntax': true, '--keep-names': true },
      },
    });
  }

  /**
   * What Lambda gives up on goes to the queue as it came, with the error as the attributes `ErrorCode` and
   * `ErrorMessage`: the same shape as what the function itself sends there.
   */
  deadLetterTo(queue: IQueue): void {
    (this.node.defaultChild as CfnFunction).deadLetterConfig = { targetArn: queue.queueArn };
    queue.grantSendMessages(this);
  }
}
