import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createInstanceFolder } from '../local/processes/instance-folder';
import { findMiniStack, startMiniStack } from '../local/ministack/ministack';
import { controlStackTemplate } from './control-stack';

/** An emulated AWS with the ledger's table. This process's environment leads to it. */
export interface Aws {
  /** Port of its endpoint on 127.0.0.1. */
  port: number;
  /** The environment variables with which an AWS SDK reaches it. */
  environment: Record<string, string>;
  ledgerTable: string;
  /** @returns the secret's ARN */
  createSecret: (text: string) => Promise<string>;
  stop: () => Promise<void>;
}

/** @param forwarded ports of 127.0.0.1 whose connections are forwarded to it */
export async function startAws(forwarded: readonly number[] = []): Promise<Aws> {
  const folder = await createInstanceFolder();
  const python = await findMiniStack();
  const ministack = await startMiniStack({ python, folder: folder.path, forwarded });
  const { endpointUrl, region, rootKeys } = ministack;
  const environment = {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, environment);
  return {
    port: Number(new URL(endpointUrl).port),
    environment,
    ledgerTable: await createLedgerTable(),
    createSecret: async (text) => {
      const command = new CreateSecretCommand({ Name: randomUUID(), SecretString: text });
      return (await new SecretsManagerClient({}).send(command)).ARN ?? '';
    },
    stop: async () => {
      await ministack.stop();
      await folder.remove();
    },
  };
}

/** The table as it is deployed. @returns its name */
async function createLedgerTable(): Promise<string> {
  const [table] = Object.values(controlStackTemplate().findResources('AWS::DynamoDB::GlobalTable'));
  if (!table) throw new Error('the control stack has no table');
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = table['Properties'] as CreateTableCommandInput;
  const TableName = `ledger-${randomUUID()}`;
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
    }),
  );
  return TableName;
}
