import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@temporalio/client';
import { openApiDocument } from '../../api/openapi';
import { findTemporalCli } from '../../local/temporal/temporal-cli';
import { respondWithHandlers, runCommand } from '../support/command-with-handlers';
import type { ApiRequest } from '../support/command-with-handlers';
import { Contract } from '../support/contract';
import type { OpenApiDocument } from '../support/contract';
import { RewindCommand } from '../support/rewind-command';
import { createLedger } from '../support/ledger-table';
import {
  connectToTestServer,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { RecordedLog } from '../support/recorded-log';

/*
 * Runs both commands of each row of docs/migration.md, and compares the workflows that they leave. `rewind` calls a server of
 * this test that passes its requests to the functions' handlers.
 */

interface Row {
  temporal: string;
  rewind: string;
}

const tables = readFileSync(path.resolve(__dirname, '../../docs/migration.md'), 'utf8').split('do different things');
const [same = [], different = []] = tables.map(rowsOf);

function rowsOf(table: string): Row[] {
  return [...table.matchAll(/^\| `temporal ([^`]+)`\s*\| `rewind ([^`]+)`/gm)].map(
    ([, temporal = '', rewind = '']) => ({
      temporal,
      rewind,
    }),
  );
}

const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word);

const contract = new Contract(openApiDocument() as unknown as OpenApiDocument);

const command = new RewindCommand();
let connection: Connection;
let cli: string;
let dependencies: object;
beforeAll(async () => {
  connection = connectToTestServer();
  cli = await findTemporalCli({ progress: () => {} });
  const { client } = await ScriptedWorkflow.start(connection);
  dependencies = {
    namespaces: { find: () => ({ name: namespace, connect: () => Promise.resolve(client) }) },
    logger: new RecordedLog(),
    ledger: await createLedger(),
    onRecordFailure: () => {},
  };
});
afterAll(() => {
  command.remove();
  return connection.close();
});

test('the test reads every row of the tables', () => {
  expect(same).toHaveLength(11);
  expect(different).toHaveLength(15);
});

test.each(same)('temporal $temporal: rewind $rewind leaves the same state', async ({ temporal, rewind }) => {
  const [byTemporal, byRewind] = [await runningWorkflow(), await runningWorkflow()];
  const argumentsFor = (line: string, { workflowId, runId }: ScriptedWorkflow) =>
    wordsOf(line.replaceAll('order-1234', workflowId).replaceAll('RUN_ID', runId));

  await promisify(execFile)(cli, [
    ...argumentsFor(temporal, byTemporal),
    '--address',
    process.env[temporalAddressVariable] ?? '',
  ]);
  const { exitCode, stderr } = await runCommand(
    command,
    argumentsFor(rewind, byRewind),
    respondWithHandlers(dependencies),
  );

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await stateOf(byRewind)).toEqual(await stateOf(byTemporal));
});

test.each(different)('temporal $temporal: rewind $rewind sends requests that fit the contract', async ({ rewind }) => {
  const words = wordsOf(rewind.replaceAll('RUN_ID', randomUUID()).replaceAll(' ID', ` op-${'0'.repeat(32)}`));
  const requests: ApiRequest[] = [];
  const { exitCode } = await runCommand(command, words, (request) => {
    requests.push(request);
    return Promise.resolve(exampleResponse(request));
  });
  expect(exitCode).toBe(0);
  expect(requests).not.toHaveLength(0);
  expect(requests.map(contractErrors).filter((errors) => errors !== undefined)).toEqual([]);
});

/** The route's example of a success, or of a preview for a dry run. */
function exampleResponse({ route, event }: ApiRequest): { statusCode: number; body: string } {
  const statuses = Object.keys(route.responses).map(Number);
  const isPreview = event.body?.includes('"dryRun":true');
  const statusCode = (isPreview ? statuses.find((status) => status === 200) : undefined) ?? statuses.at(-1) ?? 0;
  const [example] = Object.values(route.responses[statusCode]?.examples ?? {});
  return { statusCode, body: JSON.stringify(example) };
}

/** The contract's errors for the request's body. */
function contractErrors({ route, event }: ApiRequest): unknown {
  if (route.method === 'GET') return undefined;
  const operationId = contract.operationIdOf(route.method, `/namespaces/${namespace}/${route.path}`);
  const schema = { $ref: `#/components/schemas/${operationId?.[0]?.toUpperCase()}${operationId?.slice(1)}Request` };
  return contract.errors(schema, JSON.parse(event.body ?? '') as object);
}

/** Two builds complete a workflow task each, with a signal between. */
async function runningWorkflow(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection, { workflowId: `order-${randomUUID()}` });
  await workflow.completeTaskAs('build-6', scheduleActivity('chargeCard', workflow.taskQueue));
  await workflow.signal('approve');
  await workflow.completeTaskAs('build-7', startTimer('reminder', 600_000));
  return workflow;
}

/** The state that both commands must leave. */
async function stateOf({ client, workflowId, runId }: ScriptedWorkflow): Promise<object> {
  const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = await client.describe({ workflowId });
  return {
    status: info?.status,
    cancelRequested: extended?.cancelRequested,
    sameRun: info?.execution?.runId === runId,
    // Depends on the event that a reset goes to, and on what it reapplies.
    events: Number(info?.historyLength),
  };
}
