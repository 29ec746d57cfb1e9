import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../../local/local-stack';
import type { RunningStack } from '../../local/local-stack';
import { defaultConfig } from '../../local/deployment-config';
import { signedRequest } from '../../local/signed-request';
import type { SignedRequest } from '../../local/signed-request';
import { stepsOn } from '../../local/steps';
import { connectToTemporal } from '../../local/temporal/client';
import { largeBatches } from './batch';
import { eventsThroughAnOutage } from './events';
import { functionProcesses } from './function-processes';

/*
 * `npm run load` runs all parts; `--only callers`, `--only events` (test/load/events.ts) or `--only batch`
 * (test/load/batch.ts) one of them.
 *
 * `npm run load -- --minutes 5 --callers 64 --rate 15`: so many callers at once through the deployed stack on this machine,
 * of which its throttling lets so many requests a second through: an emulator holds less than AWS. It fails
 * when one request ends as 5xx, a 429 does not say when to come back, a workflow was asked to cancel twice, or the
 * functions' memory grows.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    callers: { type: 'string', default: '64' },
    rate: { type: 'string', default: '15' },
    only: { type: 'string' },
    events: { type: 'string', default: '5000' },
    'cut-seconds': { type: 'string', default: '180' },
    'throttled-seconds': { type: 'string', default: '60' },
    workflows: { type: 'string', default: '100' },
    'suspended-seconds': { type: 'string', default: '60' },
  },
});
const [minutes, callers, rate] = [Number(values.minutes), Number(values.callers), Number(values.rate)];

/** Most that the functions' memory may grow from the second fifth of the time to the last. */
const MAX_GROWTH = 1.15;

const parts: Record<string, () => Promise<boolean>> = {
  callers: callersAtOnce,
  events: () =>
    eventsThroughAnOutage({
      events: Number(values.events),
      cutSeconds: Number(values['cut-seconds']),
      throttledSeconds: Number(values['throttled-seconds']),
    }),
  batch: () => largeBatches(Number(values.workflows), Number(values['suspended-seconds'])),
};

all().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

async function all(): Promise<boolean> {
  if (values.only !== undefined && !(values.only in parts)) {
    throw new Error(`--only ${values.only}: allowed are ${Object.keys(parts).join(', ')}`);
  }
  let ok = true;
  for (const [name, run] of Object.entries(parts)) {
    if (values.only === undefined || values.only === name) ok = (await run()) && ok;
  }
  return ok;
}

async function callersAtOnce(): Promise<boolean> {
  const namespaces: [string] = ['orders.load'];
  const config = { ...defaultConfig(namespaces), throttling: { rateLimit: rate, burstLimit: rate } };
  const cloud = await startLocalStack({ steps: stepsOn(process.stdout), config });
  try {
    return await load(cloud);
  } finally {
    await cloud.stop();
  }
}

async function load({ details }: RunningStack): Promise<boolean> {
  const {
    client: { workflow },
    close,
  } = await connectToTemporal(details);
  const statuses = new Map<string, number>();
  const faults: string[] = [];
  const cancelled = new Set<string>();
  const milliseconds: number[] = [];
  const memory: { at: number; megabytes: number }[] = [];
  const began = Date.now();
  const until = began + minutes * 60_000;
  const left = () => Date.now() < until;

  const ask = async (what: string, request: Omit<SignedRequest, 'path'>) => {
    const sent = performance.now();
    const path = `/namespaces/${details.namespace}/${what}`;
    const { status, headers, body } = await signedRequest(details, { ...request, path });
    milliseconds.push(performance.now() - sent);
    const kind = `${what} ${status}`;
    statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
    const retryAfter = Number(headers['retry-after']);
    if (status >= 500) faults.push(`${kind}: ${JSON.stringify(body)}`);
    if (status === 429) {
      if (Number.isInteger(retryAfter)) await pause(retryAfter * 1000);
      else faults.push(`${kind} without Retry-After`);
    }
  };

  /** Begins a workflow, looks at it, cancels it twice under one key at once, and looks again. */
  const caller = async () => {
    while (left()) {
      const workflowId = `load-${randomUUID()}`;
      await workflow.start('idle', { workflowId, taskQueue: 'nobody' });
      cancelled.add(workflowId);
      const cancel = {
        method: 'POST',
        body: { workflowId, reason: 'load' },
        headers: { 'Idempotency-Key': randomUUID() },
      } as const;
      const look = { method: 'GET', query: { workflowId } } as const;
      await ask('workflows/describe', look);
      await Promise.all([ask('workflows/cancel', cancel), ask('workflows/cancel', cancel)]);
      await ask('workflows/reset-points', look);
      await ask('operations', look);
    }
  };
  const watch = async () => {
    for (; left(); await pause(2000)) memory.push({ at: Date.now() - began, megabytes: functionMegabytes() });
  };
  await Promise.all([watch(), ...Array.from({ length: callers }, caller)]);

  let twice = 0;
  for (const workflowId of cancelled) {
    const { events } = await workflow.getHandle(workflowId).fetchHistory();
    const requests = (events ?? []).filter((event) => event.workflowExecutionCancelRequestedEventAttributes);
    if (requests.length > 1) twice += 1;
  }
  await close();

  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (part: number) => `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0)} ms`;
  const megabytes = (from: number, to: number) => {
    const time = Date.now() - began;
    const some = memory.filter((sample) => sample.at >= time * from && sample.at <= time * to);
    return some.reduce((sum, sample) => sum + sample.megabytes, 0) / Math.max(some.length, 1);
  };
  const [before, after] = [megabytes(0.2, 0.4), megabytes(0.8, 1)];
  console.table(
    Object.fromEntries(
      [...statuses].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => [kind, { count }]),
    ),
  );
  console.log(`${callers} callers, ${minutes} min: ${(sorted.length / minutes / 60).toFixed(0)} requests/s`);
  console.log(`p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${at(0.99999)}`);
  console.log(`the functions' memory: ${before.toFixed(0)} MB early, ${after.toFixed(0)} MB at the end`);
  console.log(`${cancelled.size} workflows cancelled under one key twice at once; ${twice} of them asked twice`);
  const grown = after > before * MAX_GROWTH;
  if (grown) faults.push(`the functions' memory grew by more than ${((MAX_GROWTH - 1) * 100).toFixed(0)} %`);
  for (const fault of new Set(faults.map((text) => text.slice(0, 300)))) console.log(`FAULT ${fault}`);
  return faults.length === 0 && twice === 0;
}

/** Resident memory of the emulator's function processes. */
const functionMegabytes = () => functionProcesses().reduce((sum, { kilobytes }) => sum + kilobytes / 1024, 0);
