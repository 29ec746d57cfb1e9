import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import type { components } from '../../client/openapi';
import type { RewindConfigInput } from '../../lib/config';
import { defaultConfig } from '../../local/deployment-config';
import { startLocalStack } from '../../local/local-stack';
import type { RunningStack } from '../../local/local-stack';
import { signedRequest } from '../../local/signed-request';
import { stepsOn } from '../../local/steps';
import { connectToTemporal } from '../../local/temporal/client';
import { rpcs, apiName } from '../../operations/temporal/rpcs';
import { everyMethod, GrpcProxy } from '../support/grpc-proxy';
import { temporalAddressVariable } from '../support/server-address';
import { TcpProxy } from '../support/tcp-proxy';
import { functionProcesses, handlesEvents } from './function-processes';

/*
 * Events through an outage, on the deployed stack on this machine: of 5,000 events 200 are duplicates and 50 cannot succeed.
 * Temporal's line is cut for three minutes and throttled for another, processes of the function are killed at random, and people
 * cancel workflows meanwhile. Each workflow is asked once, the 50 are rejected with reasons, and the dead-letter queue stays
 * empty. Then the trigger is fixed and the 50 are redriven.
 */

export interface Outage {
  events: number;
  cutSeconds: number;
  throttledSeconds: number;
}

type RejectedEvents = components['schemas']['RejectedEvents'];

const NAMESPACE = 'orders.load';
const SOURCE = 'com.example.orders';
const KILL_EVERY_MS = 9_000;
const CANCEL_EVERY_MS = 2_000;
const BY_HAND = 300;
/** After the line is back and the last process was killed: the longest delay of an event, and the queue's visibility timeout. */
const DRAIN_MS = 15 * 60_000;

const configWith = (workflowId: string): RewindConfigInput => ({
  ...defaultConfig([NAMESPACE]),
  triggers: {
    withdrawn: {
      sources: [SOURCE],
      eventPattern: { 'detail-type': ['OrderWithdrawn'] },
      namespace: NAMESPACE,
      workflowId,
      reason: 'withdrawn',
    },
  },
});

export async function eventsThroughAnOutage(outage: Outage): Promise<boolean> {
  const line = { proxy: undefined as TcpProxy | undefined, calls: undefined as GrpcProxy | undefined };
  const stack = await startLocalStack({
    steps: stepsOn(process.stdout),
    config: configWith('order-<$.detail.orderId>'),
    through: async (address) => {
      process.env[temporalAddressVariable] = address;
      const { proxy: calls, port } = await GrpcProxy.start({ methods: everyMethod() });
      line.calls = calls;
      line.proxy = await TcpProxy.listen(port);
      return line.proxy.address;
    },
  });
  try {
    if (!line.proxy || !line.calls) throw new Error('the local stack has put nothing before Temporal');
    return await new EventLoad(stack, line.proxy, line.calls, outage).run();
  } finally {
    await stack.stop();
    line.calls?.stop();
    await line.proxy?.close();
  }
}

class EventLoad {
  private readonly faults: string[] = [];
  private readonly interactive: { status: number; ms: number }[] = [];
  private readonly bad: number;
  private readonly duplicates: number;
  private readonly events: EventBridgeClient;
  private readonly sqs: SQSClient;
  private kills = 0;
  private throttled = 0;
  private over = false;

  constructor(
    private readonly stack: RunningStack,
    private readonly line: TcpProxy,
    private readonly calls: GrpcProxy,
    private readonly outage: Outage,
  ) {
    this.bad = Math.round(outage.events / 100);
    this.duplicates = Math.round(outage.events / 25);
    const { awsEndpointUrl: endpoint, region, credentials } = stack.details;
    const aws = { endpoint, region, credentials: { ...credentials } };
    this.events = new EventBridgeClient(aws);
    this.sqs = new SQSClient(aws);
  }

  async run(): Promise<boolean> {
    const { client, close } = await connectToTemporal(this.stack.details);
    const { events, cutSeconds, throttledSeconds } = this.outage;
    const orders = Array.from({ length: events - this.duplicates - this.bad }, () => randomUUID());
    const broken = Array.from({ length: this.bad }, () => randomUUID());
    await inGroups([...orders, ...broken], 50, (id) => this.start(client, `order-${id}`));
    // Started now, because the connection that is cut is the only one to the server.
    const byHand = Array.from({ length: BY_HAND }, () => `by-hand-${randomUUID()}`);
    await inGroups(byHand, 50, (workflowId) => this.start(client, workflowId));
    console.log(`${orders.length + broken.length + byHand.length} workflows run`);

    const began = Date.now();
    const people = this.cancelMeanwhile(byHand);
    const killer = this.kill();
    const sent = this.put([
      ...shuffled([
        ...orders.map((orderId) => ({ orderId })),
        ...orders.slice(0, this.duplicates).map((orderId) => ({ orderId })),
        ...broken.map((order) => ({ order })),
      ]),
    ]);
    await pause(10_000);
    await this.cut(cutSeconds);
    await pause(Math.min(30_000, cutSeconds * 1000));
    await this.throttle(throttledSeconds);
    await sent;
    this.over = true;
    await Promise.all([people, killer]);
    await this.drained();
    const minutes = (Date.now() - began) / 60_000;

    const twice = await this.askedMoreThanOnce(client, orders);
    await this.checkRejected();
    await this.redriveMended(client, broken);
    await close();
    this.report({ minutes, twice, orders: orders.length });
    return this.faults.length === 0;
  }

  private async start({ workflow }: Client, workflowId: string): Promise<void> {
    await workflow.start('idle', { workflowId, taskQueue: 'nobody' });
  }

  private async put(details: object[]): Promise<void> {
    const entries = details.map((detail) => ({
      EventBusName: this.stack.details.eventBusName,
      Source: SOURCE,
      DetailType: 'OrderWithdrawn',
      Detail: JSON.stringify(detail),
    }));
    for (let at = 0; at < entries.length; at += 10) {
      const { FailedEntryCount: failed } = await this.events.send(
        new PutEventsCommand({ Entries: entries.slice(at, at + 10) }),
      );
      if (failed) this.faults.push(`${failed} events were not accepted`);
    }
    console.log(`${details.length} events put`);
  }

  private async cut(seconds: number): Promise<void> {
    const port = this.line.upstreamPort;
    this.line.upstreamPort = undefined;
    this.line.cut();
    console.log(`Temporal's line is cut for ${seconds} s`);
    await pause(seconds * 1000);
    this.line.upstreamPort = port;
  }

  /** Four fifths of the time, as a limit by the second does under load. */
  private async throttle(seconds: number): Promise<void> {
    console.log(`Temporal throttles for ${seconds} s`);
    const until = Date.now() + seconds * 1000;
    const before = [...this.calls.calls.values()].reduce((sum, count) => sum + count, 0);
    while (Date.now() < until) {
      for (const rpc of rpcs) {
        this.calls.faults.set(apiName(rpc), { reachesServer: false, code: status.RESOURCE_EXHAUSTED });
      }
      await pause(800);
      this.calls.faults.clear();
      await pause(200);
    }
    this.throttled = [...this.calls.calls.values()].reduce((sum, count) => sum + count, 0) - before;
  }

  private async kill(): Promise<void> {
    for (; !this.over; await pause(KILL_EVERY_MS)) {
      const processes = functionProcesses().filter(handlesEvents);
      const victim = processes.length > 0 ? processes[randomInt(processes.length)] : undefined;
      if (!victim) continue;
      process.kill(victim.pid, 'SIGKILL');
      this.kills += 1;
    }
  }

  private async cancelMeanwhile(workflowIds: string[]): Promise<void> {
    for (const workflowId of workflowIds) {
      if (this.over) return;
      const sent = performance.now();
      const {
        status: answered,
        headers,
        body,
      } = await this.ask('POST', 'workflows/cancel', { workflowId, reason: 'by hand' });
      const ms = performance.now() - sent;
      this.interactive.push({ status: answered, ms });
      if (ms > 30_000) this.faults.push(`a cancellation by hand took ${Math.round(ms)} ms`);
      const passes = [429, 503, 504].includes(answered) && Number(headers['retry-after']) > 0;
      if (answered !== 200 && !passes) this.faults.push(`a cancellation by hand: ${answered} ${JSON.stringify(body)}`);
      await pause(CANCEL_EVERY_MS);
    }
  }

  private ask(method: 'GET' | 'POST', below: string, given: object) {
    const { details } = this.stack;
    const fields = method === 'GET' ? { query: given as Record<string, string> } : { body: given };
    return signedRequest(details, { method, path: `/namespaces/${details.namespace}/${below}`, ...fields });
  }

  /** Waits until the event queue is empty. */
  private async drained(): Promise<void> {
    const until = Date.now() + DRAIN_MS;
    let empty = 0;
    while (empty < 3) {
      if (Date.now() > until) {
        this.faults.push(`${await this.messages('TriggersEvents')} events are still in the queue`);
        return;
      }
      empty = (await this.messages('TriggersEvents')) === 0 ? empty + 1 : 0;
      await pause(2_000);
    }
  }

  private async messages(queue: string): Promise<number> {
    const { QueueUrls: urls = [] } = await this.sqs.send(new ListQueuesCommand({}));
    const names = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const { Attributes: counts = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urls.find((url) => url.includes(queue)), AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(counts[name] ?? 0), 0);
  }

  private async askedMoreThanOnce({ workflow }: Client, orders: string[]): Promise<number> {
    let twice = 0;
    await inGroups(orders, 32, async (orderId) => {
      const { events } = await workflow.getHandle(`order-${orderId}`).fetchHistory();
      const requests = (events ?? []).filter((event) => event.workflowExecutionCancelRequestedEventAttributes).length;
      if (requests > 1) twice += 1;
      if (requests !== 1) this.faults.push(`a workflow was asked ${requests} times`);
    });
    return twice;
  }

  private async rejected(state: string): Promise<RejectedEvents['rejectedEvents']> {
    const all: RejectedEvents['rejectedEvents'] = [];
    let pageToken: string | undefined;
    do {
      const { body } = await this.ask('GET', 'rejected-events', {
        state,
        pageSize: '100',
        ...(pageToken && { pageToken }),
      });
      const page = body as RejectedEvents;
      all.push(...page.rejectedEvents);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return all;
  }

  private async checkRejected(): Promise<void> {
    const found = await this.rejected('rejected');
    if (found.length !== this.bad) this.faults.push(`${found.length} events are rejected, not ${this.bad}`);
    for (const { kind, reason } of found) {
      if (kind !== 'invalid-request' || !reason.includes('$.detail.orderId'))
        this.faults.push(`rejected: ${kind} ${reason}`);
    }
    const dead = await this.messages('TriggersDeadLetters');
    if (dead > 0) this.faults.push(`${dead} messages are in the dead-letter queue`);
  }

  private async redriveMended({ workflow }: Client, broken: string[]): Promise<void> {
    await this.stack.redeploy(configWith('order-<$.detail.order>'));
    const { status: answered, body } = await this.ask('POST', 'rejected-events/redrive', {
      all: true,
      reason: 'mended',
    });
    if (answered !== 202) this.faults.push(`redrive: ${answered} ${JSON.stringify(body)}`);
    const until = Date.now() + 120_000;
    while ((await this.rejected('handled')).length < this.bad && Date.now() < until) await pause(1_000);
    const handled = (await this.rejected('handled')).length;
    if (handled !== this.bad) this.faults.push(`${handled} of ${this.bad} redriven events are handled`);
    await inGroups(broken, 32, async (id) => {
      const { events } = await workflow.getHandle(`order-${id}`).fetchHistory();
      const requests = (events ?? []).filter((event) => event.workflowExecutionCancelRequestedEventAttributes).length;
      if (requests !== 1) this.faults.push(`a workflow of a redriven event was asked ${requests} times`);
    });
  }

  private report({ minutes, twice, orders }: { minutes: number; twice: number; orders: number }): void {
    const sorted = this.interactive.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const at = (part: number) => `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0)} ms`;
    const ok = this.interactive.filter((answer) => answer.status === 200).length;
    console.log(
      `${this.outage.events} events handled in ${minutes.toFixed(1)} min: ${orders} workflows, ${twice} of them asked twice`,
    );
    console.log(`${this.kills} processes of the function killed, ${this.throttled} calls while Temporal throttled`);
    console.log(
      `${sorted.length} cancellations by hand meanwhile: ${ok} were 200; p50 ${at(0.5)}, slowest ${at(0.9999)}`,
    );
    for (const fault of new Set(this.faults.map((text) => text.slice(0, 300)))) console.log(`FAULT ${fault}`);
  }
}

function shuffled<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

async function inGroups<Item>(items: Item[], size: number, act: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(act));
}
