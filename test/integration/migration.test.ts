import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@temporalio/client';
import { routes } from '../../api';
import type { HttpFunction } from '../../functions/http/http-handler';
import { findTemporalCli } from '../../local/temporal-cli';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { createLedger } from '../support/ledger-table';
import {
  connectToTestServer,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';

/* docs/migration.md promises that the command line and Rewind leave a workflow in the same state. Here both are run. */

const tables = readFileSync(path.resolve(__dirname, '../../docs/migration.md'), 'utf8').split('Not the same thing');
const rowsOf = (table: string) =>
  [...table.matchAll(/^\| `(temporal [^`]+)`\s*\| `(GET|POST) ([^`]+)`(?: `([^`]+)`)?/gm)].map(
    ([, command = '', method = '', route = '', input = '{}']) => ({ command, method, route, input }),
  );
const same = rowsOf(tables[0] ?? '');
const different = rowsOf(tables[1] ?? '');

let connection: Connection;
let cli: string;
let dependencies: object;
beforeAll(async () => {
  connection = connectToTestServer();
  cli = await findTemporalCli({ progress: () => {} });
  const { client } = await ScriptedWorkflow.start(connection);
  dependencies = {
    namespaces: { find: () => ({ name: namespace, connect: () => Promise.resolve(client) }) },
    logger: { error: () => {} },
    ledger: await createLedger(),
    onRecordFailure: () => {},
  };
});
afterAll(() => connection.close());

test('the tables are read whole', () => {
  expect(same).toHaveLength(9);
  expect(different).toHaveLength(7);
});

test.each(same)('$command', async ({ command, method, route, input }) => {
  const [byCommand, byRewind] = [await running(), await running()];
  const { workflowId, runId } = byRewind;
  const request = input.replaceAll('order-1234', workflowId).replaceAll('RUN_ID', runId);

  const [temporal = '', ...args] = command
    .replaceAll('order-1234', byCommand.workflowId)
    .replaceAll('RUN_ID', byCommand.runId)
    .split(' ');
  expect(temporal).toBe('temporal');
  await promisify(execFile)(cli, [...args, '--address', process.env[temporalAddressVariable] ?? '']);
  const answer = await handlerOf(method, route)(
    method === 'GET'
      ? apiGatewayEvent('GET', { query: JSON.parse(request) })
      : apiGatewayEvent('POST', { body: request }),
    lambdaContext,
  );

  expect([200, 201]).toContain(answer.statusCode);
  expect(await stateOf(byRewind)).toEqual(await stateOf(byCommand));
});

test.each(different)('$command: what is sent instead is a request', ({ method, route, input }) => {
  const all = Object.values(routes).map((known) => `${known.method} ${known.path}`);
  expect(all).toContain(`${method} ${route.replace('/ID', '/{operationId}')}`);
  expect(() => JSON.parse(input) as unknown).not.toThrow();
});

function handlerOf(method: string, route: string): HttpFunction {
  const { function: folder } = Object.values(routes).find((known) => known.method === method && known.path === route)!;
  // eslint-disable-next-line typescript/no-require-imports
  const { createHandler } = require(`../../functions/${folder}/handler`) as {
    createHandler: (dependencies: object) => HttpFunction;
  };
  return createHandler(dependencies);
}

/** Two workflow tasks, done by two builds, with a signal between. */
async function running(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection, { workflowId: `order-${randomUUID()}` });
  await workflow.completeTaskAs('build-6', scheduleActivity('chargeCard', workflow.taskQueue));
  await workflow.signal('approve');
  await workflow.completeTaskAs('build-7', startTimer('reminder', 600_000));
  return workflow;
}

/** What a workflow has become, as far as it is to be the same. */
async function stateOf({ client, workflowId, runId }: ScriptedWorkflow): Promise<object> {
  const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = await client.describe({ workflowId });
  return {
    status: info?.status,
    cancelRequested: extended?.cancelRequested,
    sameRun: info?.execution?.runId === runId,
    // A reset copies the events before its point, and then carries over what came after it.
    events: Number(info?.historyLength),
  };
}
