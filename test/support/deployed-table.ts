import { randomUUID } from 'node:crypto';
import { CreateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput, DynamoDBClient, UpdateTimeToLiveCommandInput } from '@aws-sdk/client-dynamodb';
import { Stack } from 'aws-cdk-lib';
import type { CfnElement } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { Ledger } from '../../lib/constructs/ledger';
import { unbundledApp } from './unbundled-app';

/** Long enough for the fixed times of tests: MiniStack deletes expired items once a minute. */
export const RETENTION_DAYS = 36_500;

type TableProperties = Omit<CreateTableCommandInput, 'TableName'> &
  Pick<UpdateTimeToLiveCommandInput, 'TimeToLiveSpecification'> & { Replicas: unknown };

/** The ledger's table in the synthesized template. */
function synthesized(): TableProperties {
  const stack = new Stack(unbundledApp(), 'Control');
  const { table } = new Ledger(stack, 'Ledger', { retentionDays: RETENTION_DAYS });
  const logicalId = stack.getLogicalId(table.node.defaultChild as CfnElement);
  const { Resources: resources } = Template.fromStack(stack).toJSON() as TemplateJson;
  return resources[logicalId]?.Properties as TableProperties;
}

interface TemplateJson {
  Resources: Record<string, { Properties: unknown }>;
}

let properties: TableProperties | undefined;

/**
 * A ledger in a new table with the properties of the deployed table, except its replica settings (point-in-time
 * recovery) and its encryption.
 */
export async function createDeployedLedger(client: DynamoDBClient): Promise<DynamoDbLedger> {
  properties ??= synthesized();
  const {
    Replicas: _,
    SSESpecification: _encryption,
    TimeToLiveSpecification,
    StreamSpecification: stream,
    ...table
  } = properties;
  const TableName = `ledger-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      ...table,
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream?.StreamViewType },
    }),
  );
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  return new DynamoDbLedger({ tableName: TableName, retentionDays: RETENTION_DAYS, client });
}
