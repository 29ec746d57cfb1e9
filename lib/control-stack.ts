import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Ledger } from './constructs/ledger';
import { pascalCase } from './pascal-case';
import { RewindControl } from './rewind-control';
import type { RewindControlProps } from './rewind-control';

export interface ControlStackProps extends StackProps {
  config: RewindControlProps;
}

/** CloudFormation takes 1,024 bytes of an output. With more namespaces, the command line needs `-n`. */
const MAX_OUTPUT_BYTES = 1024;

/** The construct `RewindControl` as a stack of its own, for use without another CDK app. */
export class ControlStack extends Stack {
  readonly ledger: Ledger;

  constructor(scope: Construct, id: string, { config, ...props }: ControlStackProps) {
    // CloudFormation takes templates of 1 MB, which many namespaces come near to.
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    // `Default` stays out of logical ids: they are those of the stack's first release, so no upgrade replaces the ledger.
    const { api, bus, ledger, accessPolicies } = new RewindControl(this, 'Default', config);
    this.ledger = ledger;

    new CfnOutput(this, 'ApiUrl', { value: api.restApi.url, description: 'Base URL of the API; sign for execute-api' });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'LedgerTableName', { value: ledger.table.tableName });
    const namespaces = Object.keys(config.namespaces).join(',');
    if (Buffer.byteLength(namespaces) <= MAX_OUTPUT_BYTES) {
      new CfnOutput(this, 'Namespaces', {
        value: namespaces,
        description: 'For the command line (rewind context add)',
      });
    }
    for (const [name, { managedPolicyArn: value }] of accessPolicies) {
      new CfnOutput(this, `AccessPolicy${pascalCase(name)}`, {
        value,
        description: `Managed policy of access "${name}"`,
      });
    }
  }
}
