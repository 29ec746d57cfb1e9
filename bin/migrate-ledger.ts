import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addAttributes, addIndexes, removeFormerIndexes, tableStreamArn } from '../aws/ledger-migration';

/*
 * `npm run migrate-ledger -- --table NAME` migrates the ledger table of an earlier release to the indexes of this release.
 * docs/deployment.md says when to run it. It uses the AWS credentials and region of the environment.
 */

const { values } = parseArgs({
  options: { table: { type: 'string' }, 'remove-former-indexes': { type: 'boolean', default: false } },
});

async function main(tableName: string): Promise<void> {
  const report = (text: string) => process.stdout.write(`${text}\n`);
  const options = { client: new DynamoDBClient({}), tableName, report };
  const streamArn = await tableStreamArn(options);
  await addIndexes(options);
  report(`Records changed: ${await addAttributes(options)}.`);
  if (values['remove-former-indexes']) await removeFormerIndexes(options);
  report(`Deploy with: "ledger": { "tableStreamArn": "${streamArn}" }`);
}

if (values.table === undefined) {
  process.stderr.write('usage: npm run migrate-ledger -- --table NAME [--remove-former-indexes]\n');
  process.exitCode = 2;
} else {
  main(values.table).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
