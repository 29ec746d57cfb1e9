import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { EnvironmentVariable } from '../runtime/environment';
import type { NamespaceConfig, RewindConfig } from './config';
import { RewindApi } from './constructs/rewind-api';
import { RewindFunction } from './constructs/rewind-function';
import { namespaceConnections } from './namespace-connections';

export interface ControlStackProps extends StackProps {
  config: RewindConfig;
}

/** Everything that cancels and resets: the API, the event bus and the functions behind them. Needs no VPC. */
export class ControlStack extends Stack {
  private readonly secrets: ISecret[];
  private readonly functionEnvironment: Record<string, string>;

  constructor(scope: Construct, id: string, { config, ...props }: ControlStackProps) {
    super(scope, id, props);
    this.secrets = Object.entries(config.namespaces).map(([name, namespace]) => this.namespaceSecret(name, namespace));
    this.functionEnvironment = {
      [EnvironmentVariable.namespaces]: JSON.stringify(namespaceConnections(config.namespaces)),
      POWERTOOLS_LOG_LEVEL: config.logLevel,
    };

    const api = new RewindApi(this, 'Api', { throttling: config.throttling });
    api.route('GET', 'workflows/describe', this.workflowFunction('Describe', 'describe', 'Describes a workflow'));
    api.route(
      'GET',
      'workflows/reset-points',
      this.workflowFunction('ResetPoints', 'reset-points', 'Lists the points a workflow can be reset to'),
    );
    api.route('POST', 'workflows/cancel', this.workflowFunction('Cancel', 'cancel', 'Asks a workflow to cancel'));
    api.route('POST', 'workflows/terminate', this.workflowFunction('Terminate', 'terminate', 'Terminates a workflow'));
    api.route('POST', 'workflows/reset', this.workflowFunction('Reset', 'reset', 'Resets a workflow'));

    const bus = new EventBus(this, 'Bus', { description: 'Events that cancel workflows, and what Rewind did' });

    new CfnOutput(this, 'ApiUrl', { value: api.restApi.url, description: 'Base URL of the API; sign for execute-api' });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
  }

  /** A function that works on the configured namespaces, and may read their secrets. */
  private workflowFunction(id: string, name: string, description: string): RewindFunction {
    const created = new RewindFunction(this, id, { name, description, environment: this.functionEnvironment });
    this.grantSecrets(created);
    return created;
  }

  private grantSecrets(grantee: IGrantable): void {
    for (const secret of this.secrets) secret.grantRead(grantee);
  }

  private namespaceSecret(name: string, { secretArn, secretKmsKeyArn }: NamespaceConfig): ISecret {
    return Secret.fromSecretAttributes(this, `Secret-${name}`, {
      secretCompleteArn: secretArn,
      ...(secretKmsKeyArn !== undefined && {
        encryptionKey: Key.fromKeyArn(this, `SecretKey-${name}`, secretKmsKeyArn),
      }),
    });
  }
}
