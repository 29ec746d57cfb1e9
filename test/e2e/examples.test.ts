import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { routes } from '../../api';
import type { Route } from '../../api/route';
import { findMiniStack } from '../../local/ministack/ministack';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';
import { temporaryFolder } from '../support/temporary-folder';

/* The examples that are programs: the step of a pipeline with the real command, and the function behind a chat button. */

const root = path.resolve(__dirname, '../..');
const run = promisify(execFile);

describe('GitHub Actions: the step that rolls back a build', () => {
  const workflow = readFileSync(path.join(root, 'examples/github-actions/roll-back-build.yml'), 'utf8');
  /** The lines of its `run: |`, which GitHub runs with `bash -e`. */
  const script = (/- name: Roll back[\s\S]*?run: \|\n([\s\S]*)$/.exec(workflow)?.[1] ?? '').replaceAll(/^ {10}/gm, '');

  const folder = temporaryFolder();
  beforeAll(() => {
    const npx = path.join(folder, 'npx');
    writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${path.join(root, 'cli/rewind.cjs')}" "$@"\n`);
    chmodSync(npx, 0o755);
  });

  interface Answer {
    status: number;
    body: object;
  }
  const example = ({ responses }: Pick<Route, 'responses'>, status = 200) =>
    Object.values(responses[status]?.examples ?? {})[0] as { operationId: string };
  const problem = (kind: string, status: number): Answer => ({
    status,
    body: { type: `urn:rewind:problem:${kind}`, title: kind, status, detail: kind, requestId: 'r' },
  });
  const started: Answer = { status: 202, body: example(routes.startRollback, 202) };

  /** Runs the step against a server with these answers to `POST rollbacks`, one after the other. */
  async function step(answers: Answer[], batch: object = {}) {
    const requests: { key: unknown; body: Record<string, unknown> }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isItems = request.url?.includes('/items');
        let answer: Answer = { status: 200, body: isItems ? example(routes.listBatchItems) : batch };
        if (request.method === 'POST') {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
          requests.push({ key: request.headers['idempotency-key'], body });
          answer = answers[Math.min(requests.length, answers.length) - 1] ?? started;
        }
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const summary = path.join(folder, `summary-${randomUUID()}.md`);
    const env = {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
      API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      NAMESPACE: 'prod.a1b2c',
      DEPLOYMENT: 'orders',
      BUILD: '2026-01-31.2',
      RUN: 'https://github.com/acme/orders/actions/runs/42',
      GITHUB_RUN_ID: '42',
      GITHUB_STEP_SUMMARY: summary,
    };
    const exitCode = await run('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: folder, env }).then(
      () => 0,
      (error: { code: number; stderr: string }) => error.code,
    );
    server.close();
    return { exitCode, requests, summary: readFileSync(summary, 'utf8') };
  }

  const ended = { ...example(routes.getBatchOperation), state: 'completed', failed: {} };

  test('retries a request with an unknown outcome under its key, and succeeds when all workflows are repaired', async () => {
    const { exitCode, requests, summary } = await step([problem('outcome-unknown', 410), started], ended);
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 0, requests: 2 });
    expect(new Set(requests.map(({ key }) => key))).toEqual(new Set(['roll-back-42-orders-2026-01-31.2']));
    expect(requests.at(-1)?.body).toMatchObject({
      deploymentName: 'orders',
      badBuildId: '2026-01-31.2',
      includeClosed: ['Failed', 'TimedOut'],
      maxWorkflows: 500,
    });
    expect(summary).toContain('Rollback of 2026-01-31.2: repaired all that it touched');
    expect(summary).toContain('"state": "completed"');
  });

  test('succeeds when nothing matches, and says so', async () => {
    const body = { ...example(routes.startRollback, 202), outcome: 'nothingMatched', matched: 0 };
    const { exitCode, summary } = await step([{ status: 200, body }]);
    expect({ exitCode, summary }).toEqual({ exitCode: 0, summary: expect.stringContaining('nothingMatched') });
  });

  test('fails and lists the workflows that were not repaired', async () => {
    const { exitCode, summary } = await step([started], { ...ended, failed: { 'workflow-not-found': 1 } });
    expect(exitCode).toBe(5);
    expect(summary).toContain('did not repair all');
    const [item] = (example(routes.listBatchItems) as unknown as { items: { workflowId: string }[] }).items;
    expect(summary).toContain(item?.workflowId);
  });

  test.each<[string, Answer, number, string]>([
    ['another build has to be current', problem('conflict', 409), 3, 'is another build the current version'],
    ['more match than --max', problem('too-many-matches', 409), 3, 'do 500 workflows or fewer match'],
    ['IAM refuses', problem('access-denied', 403), 7, 'not allowed'],
  ])('%s: reports it and fails with its exit code', async (_what, answer, code, result) => {
    const { exitCode, summary } = await step([answer]);
    expect({ exitCode, summary }).toEqual({ exitCode: code, summary: expect.stringContaining(result) });
  });
});

describe('chat: the function behind a button', () => {
  const { details, api, idle, putEvent } = localStack();

  const invoke = async (route: string, list: string, secretAccessKey = details.credentials.secretAccessKey) => {
    const program = 'import json, sys; import read_route; print(json.dumps(read_route.handler({}, None)))';
    // The interpreter of the emulator has botocore, as Lambda's runtime has.
    const { stdout } = await run(await findMiniStack(), ['-c', program], {
      env: {
        PYTHONPATH: path.join(root, 'examples/chat'),
        PYTHONDONTWRITEBYTECODE: '1',
        AWS_REGION: details.region,
        AWS_ACCESS_KEY_ID: details.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        REWIND_URL: `${details.apiUrl}/namespaces/${details.namespace}/${route}`,
        REWIND_LIST: list,
      },
    });
    return JSON.parse(stdout) as string[];
  };

  test('reads the last operations of the deployed API, with a signed request', async () => {
    const workflowId = `chat-${randomUUID()}`;
    await idle(workflowId);
    const { body } = await api.terminate({ workflowId, reason: 'shown in the chat' });
    // Other tests make operations at the same time.
    const lines = await invoke(`operations?workflowId=${workflowId}`, 'operations');
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`completed terminate ${workflowId} ${body.operationId}$`)),
    ]);
    await expect(invoke('operations?pageSize=10', 'operations', 'wrong')).rejects.toMatchObject({
      stderr: expect.stringContaining('HTTP Error 403'),
    });
  });

  test('reads the rejected events', async () => {
    const eventId = await putEvent(details.eventSource, 'OrderWithdrawn', {});
    await eventually(async () =>
      (await api.rejectedEvents()).body.rejectedEvents.some((each) => each.eventId === eventId),
    );
    const lines = await invoke('rejected-events', 'rejectedEvents');
    expect(lines).toContainEqual(expect.stringContaining('rejected invalid-request local-order-withdrawn'));
  });
});
