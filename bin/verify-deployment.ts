import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { checks } from './verification/checks';
import type { Check, Subject } from './verification/checks';
import { openDeployment } from './verification/deployment';
import type { Deployment } from './verification/deployment';

/*
 * `npm run verify-deployment -- --stack RewindControl --namespace prod.a1b2c --address … --secret-arn …` checks a deployed
 * stack with workflows that it starts and terminates itself. They need no worker; `--worker` checks Rewind's worker too. It
 * prints a line for each check, and exits with 1 if a check fails. It uses the AWS credentials and region of the environment.
 */

const USAGE =
  'usage: npm run verify-deployment -- --stack STACK --namespace NAME --address HOST:PORT --secret-arn ARN ' +
  '[--tls-server-name NAME] [--event-source SOURCE] [--worker] [--api-url URL]';
const text = { type: 'string' } as const;
const options = {
  stack: text,
  namespace: text,
  address: text,
  'secret-arn': text,
  'tls-server-name': text,
  'event-source': text,
  worker: { type: 'boolean' } as const,
  'api-url': text,
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

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
  const perform = async ({ needs, run: look }: Check): Promise<{ result: string; seen: string }> => {
    if (needs !== undefined && values[needs] === undefined) return { result: 'skipped', seen: `needs --${needs}` };
    try {
      return { result: 'passed', seen: await look(deployment, subject) };
    } catch (error) {
      return { result: 'failed', seen: messageOf(error) };
    }
  };
  try {
    let failed = 0;
    for (const check of checks) {
      const { result, seen } = await perform(check);
      process.stdout.write(`${result.padEnd(7)}  ${check.name}: ${seen}\n`);
      if (result === 'failed') failed += 1;
    }
    return failed > 0 ? 1 : 0;
  } finally {
    await terminateWorkflows(deployment, subject);
    await deployment.close();
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
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
