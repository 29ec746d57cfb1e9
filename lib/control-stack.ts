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

/** CloudFormation's limit for an output. If the namespaces do not fit, the command line needs `-n`. */
const MAX_OUTPUT_BYTES = 1024;

/** A stack with the construct `RewindControl`, for use without another CDK app. */
export class ControlStack extends Stack {
  readonly ledger: Ledger;

  constructor(scope: Construct, id: string, { config, ...props }: ControlStackProps) {
    // With many namespaces, the template is close to CloudFormation's limit of 1 MB.
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    // The CDK leaves `Default` out of logical ids. Another id here would have an upgrade replace the ledger.
    const { api, bus, ledger, accessPolicies } = new RewindControl(this, 'Default', config);
    this.ledger = ledger;

    new CfnOutput(this, 'ApiUrl', { value: api.restApi.url, description: 'Base URL of the API; sign for execute-api' });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'LedgerTableName', { value: ledger.table.tableName });
    const namespaces = Object.keys(config.namespaces).join(',');
    if (Buffer.byteLength(namespaces) <= MAX_OUTPUT_BYTES) {
      new CfnOutput(this, 'Namespaces', {
        value: namespaces,
        description: 'Namespaces, for the command rewind context add',
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
