import { randomUUID } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { allBlocks, isFirstDay, isInWalkthrough, readPage, transcriptSteps } from '../support/documentation';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';
import { rewindCommand } from '../support/rewind-command';
import { shell } from '../support/shell';
import { temporaryFolder } from '../support/temporary-folder';

/* The unchanged commands of the pages, on the local stack. Those of docs/walkthrough.md are in walkthrough.test.ts, those of
 * docs/first-day-on-call.md in cli/first-day-on-call.test.ts. */

const blocks = allBlocks().filter((candidate) => !isInWalkthrough(candidate) && !isFirstDay(candidate));
const commands = blocks.filter(({ language, text }) => language === 'sh' && !/^(npm|npx) /.test(text));

/** The one block with this text in it. */
function block(part: string): string {
  const found = blocks.filter(({ text }) => text.includes(part));
  expect(found).toHaveLength(1);
  return found[0]!.text;
}

const rewind = rewindCommand();
const { details, idle, visible } = localStack();
const folder = temporaryFolder();
// The first use installs the AWS command line.
beforeAll(() => shell('aws --version'), 300_000);
afterAll(async () => {
  // So that the tests can run again on the same local stack.
  const deletion = 'aws secretsmanager delete-secret --force-delete-without-recovery --secret-id';
  await shell(`${deletion} rewind/prod || true; ${deletion} rewind/billing || true`);
});

/** The pages' example, in a namespace that is served here. */
const here = (text: string) => text.replaceAll('prod.a1b2c', details.namespace).replaceAll('eu-west-1', details.region);

test('this file covers every command', () => {
  expect(commands.map(({ file }) => file).toSorted()).toEqual([
    'README.md',
    'docs/deployment.md',
    'docs/deployment.md',
    'docs/deployment.md',
    'docs/finding.md',
    'docs/finding.md',
    'docs/finding.md',
    'docs/finding.md',
    'docs/http-api.md',
    'docs/http-api.md',
    'docs/http-api.md',
    'docs/integrations.md',
    'docs/integrations.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/runbook.md',
    'docs/worker.md',
  ]);
});

describe('transcripts', () => {
  const transcripts = blocks.filter(({ language }) => language === 'console');
  /** Replaces what differs between runs: ids, times, the port and the namespace. */
  const masked = (text: string) =>
    text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'RUN_ID')
      .replaceAll(/op-[0-9a-f]{32}/g, 'OPERATION_ID')
      .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
      .replaceAll(/after [\d.]+ s$/gm, 'after SECONDS')
      .replaceAll(/localhost:\d+/g, 'localhost:PORT')
      .replaceAll(details.namespace, 'orders.local')
      .trim();
  // A second run on the same local stack starts workflows with these ids again.
  afterAll(() => shell('for ID in order-42 order-43; do temporal workflow terminate --workflow-id $ID || true; done'));

  test.each(transcripts)('$file, $headings: every command prints the shown output', async (transcript) => {
    const steps = transcriptSteps(transcript);
    const printed: string[] = [];
    // Exit code 4: the workflow is still open after the wait.
    for (const { command } of steps) printed.push(masked(await shell(`{ :\n${command}\n} 2>&1 || [ $? = 4 ]`)));
    const shown = steps.map(({ output }, index) => (output === '' ? printed[index] : masked(output)));
    expect(printed).toEqual(shown);
  });
});

describe('requests with curl', () => {
  const signed = () => `export AWS_SESSION_TOKEN=\n${block('rewind_curl() {')}`;

  test('the function of docs/http-api.md sends its examples', async () => {
    // A new id and key, because the ledger has those of earlier runs.
    const number = Date.now();
    const workflowId = `order/${number}`;
    const workflow = await idle(workflowId);
    const examples = block('withdrawn-1234').replaceAll('1234', String(number)).replaceAll(/$/gm, '\necho');
    const answers = (await shell(`${signed()}${examples}`)).split('\n').filter(Boolean);
    const [cancelled, described, listed] = answers.map((line) => JSON.parse(line) as object);
    expect(cancelled).toMatchObject({ outcome: 'requested', workflowId });
    expect(described).toMatchObject({ workflowId, cancelRequested: true });
    expect(listed).toMatchObject({ operations: [{ verb: 'cancel', workflowId }] });
    await workflow.terminate();
  });

  const answersTo = async (examples: string) =>
    (await shell(`${signed()}${examples.replaceAll(/$/gm, '\necho')}`))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);

  test('its examples list and count workflows', async () => {
    const workflow = await idle(undefined, 'order');
    await visible(`WorkflowId = '${workflow.workflowId}'`, 1);
    const [listed, counted] = await answersTo(block('workflows?pageSize=5'));
    expect(listed).toMatchObject({ workflows: [{ workflowId: workflow.workflowId, workflowType: 'order' }] });
    expect(counted).toMatchObject({ groups: expect.arrayContaining([{ values: ['Running'], count: 1 }]) });
    await workflow.terminate();
  });

  const routes = [...readPage('docs/http-api.md').matchAll(/GET ([\w-]+(?:\/[\w-]+)*\?[\w=&]*=)`/g)].map(
    ([, route = '']) => route,
  );
  test.each(routes)('%s is signed correctly with every parameter', async (route) => {
    const url = route
      .replaceAll(/(?<==)(?=&|$)/g, encodeURIComponent("a/b:c d+e,f=g|h@i'()*!"))
      .replaceAll(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    const answer = JSON.parse(await shell(`${signed()}rewind_curl '${url}'`)) as { type?: string };
    expect(answer.type ?? '').not.toMatch(/signature|unknown-route/);
  });
});

test.each(commands.filter(({ file }) => file === 'docs/finding.md'))('docs/finding.md, $headings', async ({ text }) => {
  const workflow = await idle('order/1234');
  await expect(shell(text)).resolves.toEqual(expect.any(String));
  await workflow.terminate();
});

describe('README and deployment', () => {
  test('stores a certificate', async () => {
    const { clientCertPath, clientKeyPath } = details.temporal;
    await copyFile(clientCertPath, path.join(folder, 'client.pem'));
    await copyFile(clientKeyPath, path.join(folder, 'client.key'));
    expect(await shell(`cd ${folder}\n${block('create-secret --name rewind/prod')}`)).toMatch(
      /^arn:aws:secretsmanager:.*:rewind\/prod-\w{6}\s*$/,
    );
  });

  test('stores an API key', async () => {
    const stored = JSON.parse(await shell(`export API_KEY=key-of-a-test\n${block('API_KEY')}`)) as object;
    expect(stored).toMatchObject({ Name: 'rewind/billing' });
    const secret = 'aws secretsmanager get-secret-value --secret-id rewind/billing --query SecretString --output text';
    expect(JSON.parse(await shell(secret))).toEqual({ apiKey: 'key-of-a-test' });
  });

  test('attaches a policy of the stack to a role', async () => {
    const [[output, arn] = ['', '']] = Object.entries(details.accessPolicyArns);
    const trust = { Version: '2012-10-17', Statement: [] };
    await shell(`aws iam create-role --role-name on-call --assume-role-policy-document '${JSON.stringify(trust)}'`);
    await shell(`ROLE_NAME=on-call\n${block('attach-role-policy').replace('AccessPolicyOnCall', output)}`);
    const attached = await shell('aws iam list-attached-role-policies --role-name on-call');
    expect(JSON.parse(attached)).toMatchObject({ AttachedPolicies: [{ PolicyArn: arn }] });
    await shell(`aws iam detach-role-policy --role-name on-call --policy-arn ${arn}`);
    await shell('aws iam delete-role --role-name on-call');
  });

  test('migrates a ledger table, here one that is up to date', async () => {
    const migrated = await shell(`LEDGER_TABLE_NAME=${details.ledgerTableName}\n${block('migrate-ledger')}`);
    expect(migrated).toMatch(
      /Records changed: 0\.\nDeploy with: "ledger": \{ "tableStreamArn": "arn:aws:dynamodb:.*\n$/,
    );
  });

  test('cancels with curl', async () => {
    const workflow = await idle('order-1234');
    const answer = await shell(
      `AWS_SESSION_TOKEN=\n${here(block('$(uuidgen)').replace('"waitSeconds": 10', '"waitSeconds": 0'))}`,
    );
    expect(JSON.parse(answer)).toMatchObject({ outcome: 'requested', workflowId: 'order-1234' });
    await workflow.terminate();
  });

  test('cancels with the typed client', async () => {
    const workflow = await idle('order-1234');
    const file = path.join(folder, 'client.ts');
    await writeFile(
      file,
      `import { createRewindClient } from ${JSON.stringify(path.resolve(__dirname, '../../client/rewind-client'))};
       const apiUrl = process.env.API_URL!;
       async function main() {
         ${here(block('createRewindClient(')).replace('waitSeconds: 10', 'waitSeconds: 0')}
         console.log(JSON.stringify({ data, error }));
       }
       void main();`,
    );
    const printed = await shell(`node --import ${require.resolve('tsx')} ${file}`);
    expect(JSON.parse(printed)).toMatchObject({ data: { outcome: 'requested', workflowId: 'order-1234' } });
    await workflow.terminate();
  });
});

describe('integrations', () => {
  test('puts an event on the bus', async () => {
    const text = blocks.find(({ file, text: t }) => file === 'docs/integrations.md' && t.includes('put-events'))?.text;
    expect(JSON.parse(await shell(text ?? ''))).toMatchObject({ FailedEntryCount: 0 });
  });

  test('rolls back from a pipeline; the local stack has no such deployment, which the API reports', async () => {
    const program = `"${process.execPath}" "${path.resolve(__dirname, '../../cli/rewind.cjs')}"`;
    const script = `rewind() { ${program} "$@"; }\nBUILD_ID=b RUN_ID=${Date.now()}\n${block('roll-back-$RUN_ID')}`;
    await expect(shell(script)).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/deployment/i) });
  });
});

describe('the runbook', () => {
  test('shows when a certificate expires, and replaces it', async () => {
    const { nextClientCertPath = '', nextClientKeyPath = '' } = details.temporal;
    await copyFile(nextClientCertPath, path.join(folder, 'client.pem'));
    await copyFile(nextClientKeyPath, path.join(folder, 'client.key'));
    // The secret of README's example. The other tests' secret also contains the local authority.
    const secret = `cd ${folder}\nSECRET_ARN=rewind/prod\n`;
    const stored = JSON.parse(await shell(secret + block('secretsmanager put-secret-value'))) as object;
    expect(stored).toMatchObject({ Name: 'rewind/prod' });
    expect(await shell(secret + block('get-secret-value'))).toMatch(/^subject=.*\nnotAfter=.* GMT\n$/);
  });

  test('reads the errors of a function', async () => {
    const script = `LOG_GROUP=$(aws logs describe-log-groups --query 'logGroups[0].logGroupName' --output text)\n`;
    expect(JSON.parse(await shell(script + block('filter-log-events')))).toHaveProperty('events');
  });

  test.each([
    ['stuck cancellations', "filter-expression 'attribute_exists(stuck)'"],
    ['batch operations that no worker takes up', 'attribute_exists(#batch)'],
  ])('finds %s', async (_what, part) => {
    expect(JSON.parse(await shell(`LEDGER=$LEDGER_TABLE_NAME\n${block(part)}`))).toHaveProperty('Items');
  });

  test('shows why an event was rejected, and redrives it', async () => {
    const marker = randomUUID();
    await shell(`put_event com.example.orders OrderWithdrawn '{"because": "${marker}"}'`);
    const [ls = [], redrive = []] = commands
      .filter(({ text }) => text.startsWith('rewind events'))
      .map(({ text }) =>
        [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word).slice(1),
      );
    // Of the trigger that is redriven: other tests reject events of others.
    const answered = await eventually(async () => {
      const { stdout } = await rewind.run([...ls, '--trigger', 'order-withdrawn']);
      return stdout.includes('$.detail.orderId') && stdout;
    }, 'the rejected event');
    const [id] = /ev-\w+/.exec(answered) ?? [];
    expect((await rewind.run([...ls, '--limit', '1000'])).stdout).toContain(id);
    const { screen } = await rewind.runInTerminal(redrive, [{ expect: '? Reason', send: 'y' }]);
    expect(screen).toMatch(/\d+ redriven\./);
  });

  test('shows why a message is in the dead-letter queue', async () => {
    const marker = randomUUID();
    const queue = (name: string) =>
      `$(aws sqs list-queues --query 'QueueUrls[?contains(@, \`${name}\`)] | [0]' --output text)`;
    await shell(`aws sqs send-message --queue-url "${queue('TriggersEvents')}" --message-body 'no event ${marker}'`);
    const message = await eventually(async () => {
      const received = (await shell(`QUEUE_URL=${queue('TriggersDeadLetters')}\n${block('receive-message')}`)).trim();
      const { Messages: messages } = JSON.parse(received || '{}') as {
        Messages?: { Body: string; MessageAttributes: Record<string, { StringValue: string }> }[];
      };
      return messages?.find(({ Body: body }) => body.includes(marker));
    }, 'the message in the dead-letter queue');
    expect(message.MessageAttributes['ErrorMessage']?.StringValue).toContain('not an event');

    // This redrive is for a function of the worker's stack, which does not run here: another function takes the call.
    const [invocation = ''] = block('aws lambda invoke').split('aws sqs delete-message');
    await shell(
      `SET_CURRENT=$(aws lambda list-functions --query 'Functions[?contains(FunctionName, \`ReconcileOperations\`)].FunctionName | [0]' --output text)
       BODY='{}'
       ${invocation}`,
    );
  });
});

test.each(commands.filter(({ text }) => text.startsWith('temporal worker deployment')))(
  '$file: the Temporal CLI accepts $text',
  async ({ text }) => {
    // The local stack has no worker deployment, which the server reports.
    await expect(shell(`BUILD_ID=b DEPLOYMENT_NAME=rewind-worker-orders\n${text}`)).rejects.toMatchObject({
      stderr: expect.stringMatching(/not found|no Worker Deployment|Worker Deployment/i),
    });
  },
);
