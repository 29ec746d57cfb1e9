import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { EnvironmentVariable } from '../../../aws/environment';
import { parseConfig } from '../../../lib/config';
import { allBlocks } from '../../support/documentation';
import { NamespaceEndpoint } from '../../support/namespace-endpoint';
import { StoredSecret } from '../../support/stored-secret';
import { namespace, temporalAddress } from '../../support/test-worker';
import { WorkerProcess } from '../../support/worker-process';

/* Runs the modules of docs/worker.md in a directory of the repository, as that page says. */

const root = path.resolve(__dirname, '../../..');
const blocks = allBlocks().filter(
  ({ file, headings }) => file === 'docs/worker.md' && headings[1] === 'Your own workflows',
);

let folder: string;
let endpoint: NamespaceEndpoint;
let secret: StoredSecret;
let client: Client;
let worker: WorkerProcess | undefined;

beforeAll(async () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  folder = mkdtempSync(path.join(root, 'dist/own-code-'));
  for (const { language, text } of blocks.filter((block) => block.language === 'ts')) {
    const [, name = language] = /^\/\/ greetings\/(\S+)/.exec(text) ?? [];
    writeFileSync(path.join(folder, name), text);
  }
  endpoint = await NamespaceEndpoint.create();
  const credentials = await NamespaceEndpoint.credentials();
  await endpoint.trust(credentials);
  secret = await StoredSecret.create(credentials.secret);
  client = new Client({ connection: Connection.lazy({ address: temporalAddress() }) });
});
afterEach(async () => {
  await worker?.stop('SIGKILL');
});
afterAll(async () => {
  await client.connection.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

/** The result of the workflow on a worker that is started as this program. */
async function greetedBy(program: string[]): Promise<string> {
  const taskQueue = randomUUID();
  worker = await WorkerProcess.start(
    {
      [EnvironmentVariable.namespaces]: JSON.stringify({
        [namespace]: { ...endpoint.connection, secretArn: secret.arn },
      }),
      [EnvironmentVariable.workerNamespace]: namespace,
      [EnvironmentVariable.taskQueue]: taskQueue,
    },
    program,
  );
  await worker.waitUntilReady();
  return client.workflow.execute('greeting', { workflowId: randomUUID(), taskQueue, args: ['Ada'] });
}

test('a worker from source runs the modules that its command line names', async () => {
  const modules = ['--workflows', `${folder}/workflows.ts`, '--activities', `${folder}/activities.ts`];
  await expect(greetedBy(['--import', 'tsx', 'worker/main.ts', ...modules])).resolves.toBe('Hello Ada');
});

test('a worker from the image runs the modules that the image’s build names', async () => {
  const image = path.join(folder, 'image');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'worker/build.ts', image], {
    cwd: root,
    env: {
      ...process.env,
      WORKFLOWS: path.relative(root, `${folder}/workflows.ts`),
      ACTIVITIES: path.relative(root, `${folder}/activities.ts`),
    },
  });
  await expect(greetedBy([path.join(image, 'main.js')])).resolves.toBe('Hello Ada');
});

test('the configuration accepts the modules', () => {
  const [json] = blocks.filter(({ language }) => language === 'json');
  const { worker: configured } = parseConfig({
    namespaces: {
      'prod.a1b2c': {
        address: 'prod.a1b2c.tmprl.cloud:7233',
        secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf',
      },
    },
    ...(JSON.parse(`{${json?.text}}`) as object),
  });
  expect(configured).toMatchObject({ workflows: ['greetings/workflows.ts'], activities: ['greetings/activities.ts'] });
});
