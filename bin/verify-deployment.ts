import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { checks } from './verification/checks';
import type { Check, Subject } from './verification/checks';
import { openDeployment } from './verification/deployment';
import type { Deployment } from './verification/deployment';

/*
 * `npm run verify-deployment -- --stack RewindControl --namespace prod.a1b2c --address … --secret-arn …` checks a deployed
 * stack with workflows that it starts and terminates itself. They need no worker. It prints a table, and exits with 1 if a
 * check fails. It uses the AWS credentials and region of the environment.
 */

const USAGE =
  'usage: npm run verify-deployment -- --stack STACK --namespace NAME --address HOST:PORT --secret-arn ARN ' +
  '[--tls-server-name NAME] [--event-source SOURCE] [--api-url URL]';
const text = { type: 'string' } as const;
const options = {
  stack: text,
  namespace: text,
  address: text,
  'secret-arn': text,
  'tls-server-name': text,
  'event-source': text,
  'api-url': text,
};

type Row = { check: string; result: 'passed' | 'failed' | 'skipped'; seen: string };

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const { stack, namespace, address, 'secret-arn': secretArn } = values;
  if (!stack || !namespace || !address || !secretArn) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const deployment = await openDeployment({
    stack,
    namespace,
    connection: { address, secretArn, tlsServerName: values['tls-server-name'] },
    eventSource: values['event-source'],
    apiUrl: values['api-url'],
  });
  const subject = { workflowId: `rewind-${randomUUID()}`, otherWorkflowId: `rewind-${randomUUID()}` };
  try {
    const rows: Row[] = [];
    for (const check of checks) rows.push(await result(check, deployment, subject));
    for (const { check, result: outcome, seen } of rows)
      process.stdout.write(`${outcome.padEnd(7)}  ${check}: ${seen}\n`);
    return rows.some((row) => row.result === 'failed') ? 1 : 0;
  } finally {
    await terminateWorkflows(deployment, subject);
    await deployment.close();
  }
}

async function result({ name: check, run: look }: Check, deployment: Deployment, subject: Subject): Promise<Row> {
  try {
    const seen = await look(deployment, subject);
    return seen === undefined
      ? { check, result: 'skipped', seen: 'needs --event-source' }
      : { check, result: 'passed', seen };
  } catch (error) {
    return { check, result: 'failed', seen: error instanceof Error ? error.message : String(error) };
  }
}

/** Terminates the workflows of the checks. Errors are ignored, because a failed check may not have started its workflow. */
async function terminateWorkflows({ temporal }: Deployment, subject: Subject): Promise<void> {
  const attribution = { reason: 'end of the verification', identity: 'verify-deployment', temporalRequestId: '' };
  for (const workflowId of Object.values<string>({ ...subject })) {
    await temporal.terminate({ workflowId, runId: '' }, attribution).catch(() => {});
  }
}

async function run(): Promise<void> {
  process.exitCode = await main();
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
