import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { freePort } from '../local/processes/ports';
import { startAws } from './aws';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { NAMESPACE } from './floor/temporal';
import { loadable, writeFunctionAssets } from './function-assets';
import { Network } from './network';
import { gatewayRequest } from './requests';
import { startTemporalBehindTls } from './temporal-behind-tls';

const ROUNDS = 15;
export const ROUND_TRIP_MS = 20;

export type Verb = 'describe' | 'cancel';

/** What the first request to a new container waits for, on real parts: Temporal behind mutual TLS, Secrets Manager, DynamoDB. */
export const cold: Benchmark = {
  name: 'cold',
  about: `from the start of the process to the first response, everything ${ROUND_TRIP_MS} ms away; a floor that does the same (bench/floor/) is 1`,
  async run() {
    const { floor, naive, deployed, remove } = writeFunctionAssets();
    const parts = await startParts();
    const [describeCpu, cancelCpu]: [number[], number[]] = [[], []];
    const first = (module: string, verb: Verb, cpu?: number[]) => async () => {
      const workflowId = await parts.workflows.start();
      const { ms, cpuMs } = await firstResponse(module, requestFor(verb, workflowId), parts.environment);
      cpu?.push(cpuMs);
      return ms;
    };
    try {
      const samples = await interleaved(ROUNDS, {
        floorDescribe: first(floor, 'describe'),
        floorCancel: first(floor, 'cancel'),
        naive: first(naive, 'describe'),
        describe: first(deployed['describe'] ?? '', 'describe', describeCpu),
        cancel: first(deployed['cancel'] ?? '', 'cancel', cancelCpu),
      });
      const { floorDescribe, floorCancel } = samples;
      const figures: Figure[] = [
        { name: 'cold floor, describe', unit: 'ms', ...summary(floorDescribe) },
        { name: 'cold floor, cancel', unit: 'ms', ...summary(floorCancel), note: 'with the same calls to the ledger' },
        { name: 'cold naive, describe', unit: 'ratio', ...ratio(samples.naive, floorDescribe) },
        { name: 'cold describe', unit: 'ratio', ...ratio(samples.describe, floorDescribe), atMost: 1.35 },
        { name: 'cold cancel', unit: 'ratio', ...ratio(samples.cancel, floorCancel), atMost: 1.5 },
        { name: 'CPU of a first describe, after loading', unit: 'ms', ...summary(describeCpu) },
        { name: 'CPU of a first cancel, after loading', unit: 'ms', ...summary(cancelCpu) },
      ];
      return figures;
    } finally {
      await parts.stop();
      remove();
    }
  },
};

/** A request that the functions, the floor and the naive function understand. */
export function requestFor(verb: Verb, workflowId: string): object {
  const request = gatewayRequest(
    verb === 'describe' ? { query: { workflowId } } : { body: { workflowId, reason: 'benchmark' } },
  );
  return { ...request, workflowId };
}

/** Milliseconds until a new process has responded, and the CPU time of the request once the code was loaded. */
async function firstResponse(
  module: string,
  request: object,
  environment: Record<string, string>,
): Promise<{ ms: number; cpuMs: number }> {
  const program = `
    const { handler } = require(${JSON.stringify(module)});
    const loaded = process.cpuUsage();
    handler(${JSON.stringify(request)}, { getRemainingTimeInMillis: () => 29000 }).then(({ statusCode, body }) => {
      const { user, system } = process.cpuUsage(loaded);
      require('node:fs').writeSync(3, JSON.stringify({ statusCode, body, cpuMs: (user + system) / 1000 }));
      process.exit();
    });
  `;
  const start = performance.now();
  // The response has a pipe of its own: the standard output has the function's log.
  const child = spawn(process.execPath, ['-e', program], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , stderr, pipe] = child.stdio;
  let ms = 0;
  pipe?.once('data', () => (ms = performance.now() - start));
  const [output, errors] = await Promise.all([
    text(pipe as NodeJS.ReadableStream),
    text(stderr as NodeJS.ReadableStream),
  ]);
  if (!output) throw new Error(`${module} did not respond: ${errors}`);
  const { statusCode, body, cpuMs } = JSON.parse(output) as { statusCode: number; body: string; cpuMs: number };
  if (statusCode !== 200) throw new Error(`${module} responded ${statusCode}: ${body}`);
  return { ms, cpuMs };
}

export type Parts = Awaited<ReturnType<typeof startParts>>;

/** What a function calls, each of it a round trip away. */
export async function startParts() {
  const farAwsPort = await freePort();
  const [temporal, aws] = await Promise.all([startTemporalBehindTls(), startAws([farAwsPort])]);
  const farTemporal = await Network.to(temporal.port, ROUND_TRIP_MS);
  const farAws = await Network.to(aws.port, ROUND_TRIP_MS, farAwsPort);
  const secretArn = await aws.createSecret(temporal.secret);
  const address = `127.0.0.1:${farTemporal.port}`;
  const { serverName: tlsServerName } = temporal.access;
  return {
    environment: {
      ...loadable,
      ...aws.environment,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${farAws.port}`,
      REWIND_NAMESPACES: JSON.stringify({ [NAMESPACE]: { address, secretArn, tlsServerName } }),
      REWIND_LEDGER_TABLE: aws.ledgerTable,
      FLOOR_ADDRESS: address,
      FLOOR_SERVER_NAME: tlsServerName,
      FLOOR_SECRET: secretArn,
      FLOOR_TABLE: aws.ledgerTable,
    },
    workflows: temporal.workflows,
    stop: async () => {
      farTemporal.stop();
      farAws.stop();
      await Promise.all([temporal.stop(), aws.stop()]);
    },
  };
}
