import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@temporalio/client';
import { routes } from '../../api';
import { openApiDocument } from '../../api/openapi';
import type { HttpFunction } from '../../functions/http/http-handler';
import { findTemporalCli } from '../../local/temporal-cli';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { Contract } from '../support/contract';
import type { OpenApiDocument } from '../support/contract';
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

/* Each line of docs/migration.md runs on both sides and leaves a workflow in the same state. */

interface Row {
  command: string;
  method: 'GET' | 'POST';
  route: string;
  /** The query's parameters, or the body. */
  input: Record<string, unknown>;
}

const tables = readFileSync(path.resolve(__dirname, '../../docs/migration.md'), 'utf8').split('These differ');
const [same = [], different = []] = tables.map(rowsOf);

function rowsOf(table: string): Row[] {
  return [...table.matchAll(/^\| `(temporal [^`]+)`\s*\| `rewind ([^`]+)`/gm)].map(([, command = '', line = '']) => {
    const [, route = '', query, body] = /^'?([^'?\s]+)(?:\?([^'\s]+))?'?(?: --json '(.*)')?$/.exec(line) ?? [];
    return body === undefined
      ? { command, method: 'GET', route, input: Object.fromEntries(new URLSearchParams(query)) }
      : { command, method: 'POST', route, input: JSON.parse(body) as Record<string, unknown> };
  });
}

const contract = new Contract(openApiDocument() as unknown as OpenApiDocument);

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
afterAll(() => connection.close());

test('the tables are read whole', () => {
  expect(same).toHaveLength(11);
  expect(different).toHaveLength(7);
});

test.each(same)('$command', async ({ command, method, route, input }) => {
  const [byCommand, byRewind] = [await running(), await running()];
  const { workflowId, runId } = byRewind;
  const request = JSON.stringify(input).replaceAll('order-1234', workflowId).replaceAll('RUN_ID', runId);

  const ofCommand = command.replaceAll('order-1234', byCommand.workflowId).replaceAll('RUN_ID', byCommand.runId);
  const [temporal = '', ...args] = [...ofCommand.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word = '']) => quoted ?? word,
  );
  expect(temporal).toBe('temporal');
  await promisify(execFile)(cli, [...args, '--address', process.env[temporalAddressVariable] ?? '']);
  const answer = await handlerOf(method, route)(
    method === 'GET'
      ? apiGatewayEvent('GET', { query: JSON.parse(request) as Record<string, string> })
      : apiGatewayEvent('POST', { body: request }),
    lambdaContext,
  );

  expect([200, 201]).toContain(answer.statusCode);
  expect(await stateOf(byRewind)).toEqual(await stateOf(byCommand));
});

test.each(different)('$command: Rewind accepts what is sent instead', ({ method, route, input }) => {
  const operationId = contract.operationIdOf(method, `/namespaces/${namespace}/${route}`);
  expect(operationId).toBeDefined();
  if (method === 'GET') return;
  const schema = { $ref: `#/components/schemas/${operationId?.[0]?.toUpperCase()}${operationId?.slice(1)}Request` };
  const request = JSON.parse(JSON.stringify(input).replaceAll('RUN_ID', randomUUID())) as object;
  // oxlint-disable-next-line jest/no-conditional-expect -- only a POST has a body
  expect(contract.errors(schema, request)).toBeUndefined();
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
