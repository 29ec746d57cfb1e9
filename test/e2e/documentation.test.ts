import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allBlocks } from '../support/documentation';
import { eventually } from '../support/eventually';
import { idleWorkflow } from '../support/idle-workflow';
import { localDetails } from '../support/rewind-api';
import { shell } from '../support/shell';

/* What the pages give people to paste, run as it stands, against the local cloud. README's walk is in readme.test.ts. */

const blocks = allBlocks().filter(({ headings }) => !headings.includes('Walk through it'));
const commands = blocks.filter(({ language, text }) => language === 'sh' && !/^(npm|npx) /.test(text));

/** The one block with this text in it. */
function block(part: string): string {
  const found = blocks.filter(({ text }) => text.includes(part));
  expect(found).toHaveLength(1);
  return found[0]!.text;
}

const details = localDetails();
let folder: string;
beforeAll(async () => {
  // The first use installs the AWS command line.
  await shell('aws --version');
  folder = await mkdtemp(path.join(tmpdir(), 'rewind-docs-'));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

/** The pages' example, in a namespace that is served here. */
const here = (text: string) => text.replaceAll('prod.a1b2c', details.namespace).replaceAll('eu-west-1', details.region);

test('there is a test below for every command', () => {
  expect(commands.map(({ file }) => file).toSorted()).toEqual([
    'README.md',
    'README.md',
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
    'docs/worker.md',
  ]);
});

describe('README', () => {
  test('stores a certificate', async () => {
    const { clientCertPath, clientKeyPath } = details.temporal;
    await copyFile(clientCertPath, path.join(folder, 'client.pem'));
    await copyFile(clientKeyPath, path.join(folder, 'client.key'));
    expect(await shell(`cd ${folder}\n${block('create-secret')}`)).toMatch(
      /^arn:aws:secretsmanager:.*:rewind\/prod-\w{6}\s*$/,
    );
  });

  test('cancels with curl', async () => {
    const workflow = await idleWorkflow('order-1234');
    const answer = await shell(
      `AWS_SESSION_TOKEN=\n${here(block('$(uuidgen)').replace('"waitSeconds": 10', '"waitSeconds": 0'))}`,
    );
    expect(JSON.parse(answer)).toMatchObject({ outcome: 'requested', workflowId: 'order-1234' });
    await workflow.terminate();
  });

  test('cancels with the typed client', async () => {
    const workflow = await idleWorkflow('order-1234');
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

  test('repairs from a pipeline', async () => {
    const script = `export AWS_SESSION_TOKEN= RUN_ID=${Date.now()}\n${here(block('repair-$RUN_ID'))}`;
    expect(JSON.parse(await shell(script))).toMatchObject({ operationId: expect.stringMatching(/^op-/) });
  });
});

describe('the runbook', () => {
  test('shows when a certificate ends, and puts another in its place', async () => {
    const { nextClientCertPath = '', nextClientKeyPath = '' } = details.temporal;
    await copyFile(nextClientCertPath, path.join(folder, 'client.pem'));
    await copyFile(nextClientKeyPath, path.join(folder, 'client.key'));
    // The secret of README's example: what the other tests use has the local authority in it, too.
    const secret = `cd ${folder}\nSECRET_ARN=rewind/prod\n`;
    const stored = JSON.parse(await shell(secret + block('secretsmanager put-secret-value'))) as object;
    expect(stored).toMatchObject({ Name: 'rewind/prod' });
    expect(await shell(secret + block('get-secret-value'))).toMatch(/^subject=.*\nnotAfter=.* GMT\n$/);
  });

  test('reads the errors of a function', async () => {
    const script = `LOG_GROUP=$(aws logs describe-log-groups --query 'logGroups[0].logGroupName' --output text)\n`;
    expect(JSON.parse(await shell(script + block('filter-log-events')))).toHaveProperty('events');
  });

  test('finds stuck cancellations', async () => {
    expect(JSON.parse(await shell(`LEDGER=$LEDGER_TABLE_NAME\n${block('attribute_exists(stuck)')}`))).toHaveProperty(
      'Items',
    );
  });

  test('finds out why an event was dead-lettered, and hands it to the function again', async () => {
    await shell(`put_event com.example.orders OrderWithdrawn '{}'`);
    const queue = `QUEUE_URL=$(aws sqs list-queues --query 'QueueUrls[?contains(@, \`TriggersDeadLetters\`)] | [0]' --output text)\n`;
    const message = await eventually(async () => {
      const received = (await shell(queue + block('receive-message'))).trim();
      const { Messages: messages } = JSON.parse(received || '{}') as {
        Messages?: {
          Body: string;
          ReceiptHandle: string;
          MessageAttributes: Record<string, { StringValue: string }>;
        }[];
      };
      return messages?.[0];
    }, 'the event in the dead-letter queue');
    expect(message.MessageAttributes['ErrorMessage']?.StringValue).toContain('orderId');
    await writeFile(path.join(folder, 'body.json'), message.Body);

    const redrive = blocks.filter(({ text }) => text.includes('aws lambda invoke')).map(({ text }) => text);
    // The other one is for a function of the worker's stack, which does not run here.
    expect(new Set(redrive.map((text) => text.replace(/"\$(CANCEL_ON_EVENT|SET_CURRENT)"/, ''))).size).toBe(1);
    await shell(
      `${queue}BODY=$(cat ${folder}/body.json)
       RECEIPT_HANDLE='${message.ReceiptHandle}'
       CANCEL_ON_EVENT=$(aws lambda list-functions --query 'Functions[?contains(FunctionName, \`CancelOnEvent\`)].FunctionName | [0]' --output text)
       ${redrive[0]}`,
    );
  });
});

test.each(commands.filter(({ text }) => text.startsWith('temporal worker deployment')))(
  '$file: $text is a command that there is',
  async ({ text }) => {
    // No deployment has been versioned here; the command line takes the command, and the server says so.
    await expect(shell(`BUILD_ID=b\n${text}`)).rejects.toMatchObject({
      stderr: expect.stringMatching(/not found|no Worker Deployment|Worker Deployment/i),
    });
  },
);
