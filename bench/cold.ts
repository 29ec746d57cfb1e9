import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Connection } from '@temporalio/client';
import { makeCertificates } from '../local/certificates';
import { createInstanceFolder } from '../local/instance-folder';
import { findMiniStack, startMiniStack } from '../local/ministack';
import { findTemporalCli } from '../local/temporal-cli';
import { startTemporalServer } from '../local/temporal-server';
import { startTlsGateway } from '../local/tls-gateway';
import { apiGatewayEvent } from '../test/support/api-gateway-event';
import { createLedger } from '../test/support/ledger-table';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { distant } from './distant-server';
import { loadable, writeFunctionAssets } from './function-assets';

const ROUNDS = 15;
const ROUND_TRIP_MS = 20;
const SERVER_NAME = 'temporal.local';
const NAMESPACE = 'default';

/** What the first request to a new container waits for, on real parts: Temporal behind mutual TLS, Secrets Manager, DynamoDB. */
export const cold: Benchmark = {
  name: 'cold',
  about: `from the start of the process to the first answer, everything ${ROUND_TRIP_MS} ms away; a floor that does the same (bench/floor/) is 1`,
  async run() {
    const assets = writeFunctionAssets();
    const parts = await startParts();
    const { floor, naive, deployed } = assets;
    const { describe = '', cancel = '' } = deployed;
    const contender = (module: string, method: 'GET' | 'POST', cpu?: number[]) => async () => {
      const workflowId = await parts.startWorkflow();
      const { ms, cpuMs } = await firstAnswer(module, eventFor(method, workflowId), parts.environment);
      cpu?.push(cpuMs);
      return ms;
    };
    try {
      const [readingCpu, actingCpu]: [number[], number[]] = [[], []];
      const samples = await interleaved(ROUNDS, {
        'floor reading': contender(floor, 'GET'),
        'floor acting': contender(floor, 'POST'),
        naive: contender(naive, 'GET'),
        reading: contender(describe, 'GET', readingCpu),
        acting: contender(cancel, 'POST', actingCpu),
      });
      const { 'floor reading': floorReading, 'floor acting': floorActing } = samples;
      const figures: Figure[] = [
        { name: 'cold floor reading', unit: 'ms', ...summary(floorReading) },
        { name: 'cold floor acting', unit: 'ms', ...summary(floorActing), note: 'with the same calls to the ledger' },
        { name: 'cold naive, describe', unit: 'ratio', ...ratio(samples.naive, floorReading) },
        { name: 'cold describe', unit: 'ratio', ...ratio(samples.reading, floorReading), atMost: 1.35 },
        { name: 'cold cancel', unit: 'ratio', ...ratio(samples.acting, floorActing), atMost: 1.5 },
        { name: 'CPU of a first describe, after loading', unit: 'ms', ...summary(readingCpu) },
        { name: 'CPU of a first cancel, after loading', unit: 'ms', ...summary(actingCpu) },
      ];
      return figures;
    } finally {
      await parts.stop();
      assets.remove();
    }
  },
};

/** A request that the functions, the floor and the naive function understand. */
function eventFor(method: 'GET' | 'POST', workflowId: string): object {
  const event = apiGatewayEvent(method, {
    namespace: NAMESPACE,
    ...(method === 'GET' ? { query: { workflowId } } : { body: { workflowId, reason: 'benchmark' } }),
  });
  return { ...event, workflowId };
}

/** Milliseconds until a new process has answered, and those of CPU that the request took once the code was loaded. */
async function firstAnswer(
  module: string,
  event: object,
  environment: Record<string, string>,
): Promise<{ ms: number; cpuMs: number }> {
  const program = `
    const { handler } = require(${JSON.stringify(module)});
    const loaded = process.cpuUsage();
    handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 29000 }).then(({ statusCode, body }) => {
      const { user, system } = process.cpuUsage(loaded);
      require('node:fs').writeSync(3, JSON.stringify({ statusCode, body, cpuMs: (user + system) / 1000 }));
      process.exit();
    });
  `;
  const begun = performance.now();
  // What a function logs is not its answer: that comes by a pipe of its own.
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, ['-e', program], { env: environment, stdio: [...stdio] });
  let [output, errors] = ['', ''];
  let ms = 0;
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    ms ||= performance.now() - begun;
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await new Promise((resolve) => {
    child.once('close', resolve);
  });
  if (!output) throw new Error(`${module} gave no answer: ${errors}`);
  const { statusCode, body, cpuMs } = JSON.parse(output) as { statusCode: number; body: string; cpuMs: number };
  if (statusCode !== 200) throw new Error(`${module} answered ${statusCode}: ${body}`);
  return { ms, cpuMs };
}

/** What a function talks to, each of it a round trip away. */
async function startParts() {
  const folder = await createInstanceFolder();
  const [temporal, ministack, certificates] = await Promise.all([
    findTemporalCli().then((cli) => startTemporalServer({ cli })),
    findMiniStack().then((python) => startMiniStack({ python, folder: folder.path })),
    makeCertificates(SERVER_NAME),
  ]);
  const { ca, server, client } = certificates;
  const gateway = await startTlsGateway({ upstream: temporal.address, server, ca });
  const farTemporal = await distant(gateway.port, ROUND_TRIP_MS);
  const farAws = await distant(Number(new URL(ministack.endpointUrl).port), ROUND_TRIP_MS);
  const connection = await Connection.connect({ address: temporal.address });

  const { rootKeys, region, endpointUrl } = ministack;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
  });
  const secret = JSON.stringify({ ca, ...client });
  const { ARN: secretArn = '' } = await new SecretsManagerClient({}).send(
    new CreateSecretCommand({ Name: path.basename(folder.path), SecretString: secret }),
  );
  const { tableName } = await createLedger();

  const address = `127.0.0.1:${farTemporal.port}`;
  return {
    environment: {
      ...loadable,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${farAws.port}`,
      AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
      REWIND_NAMESPACES: JSON.stringify({ [NAMESPACE]: { address, secretArn, tlsServerName: SERVER_NAME } }),
      REWIND_LEDGER_TABLE: tableName,
      FLOOR_ADDRESS: address,
      FLOOR_SERVER_NAME: SERVER_NAME,
      FLOOR_SECRET: secretArn,
      FLOOR_TABLE: tableName,
    },
    startWorkflow: async () => {
      const workflowId = randomUUID();
      await connection.workflowService.startWorkflowExecution({
        namespace: NAMESPACE,
        workflowId,
        requestId: workflowId,
        workflowType: { name: 'bench' },
        taskQueue: { name: 'nobody' },
      });
      return workflowId;
    },
    stop: async () => {
      await connection.close();
      farTemporal.stop();
      farAws.stop();
      await gateway.stop();
      await Promise.all([temporal.stop(), ministack.stop()]);
      await folder.remove();
    },
  };
}
