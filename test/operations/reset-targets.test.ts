import * as fc from 'fast-check';
import Long from 'long';
import type { temporal } from '@temporalio/proto';
import { beforeActivity } from '../../operations/reset/before-activity';
import { beforeFailure } from '../../operations/reset/before-failure';
import { atEvent, beforeTime, firstWorkflowTask, tasksBeforeLast } from '../../operations/reset/search';
import type { Chosen } from '../../operations/reset/target';
import type { Connection } from '../../operations/temporal/connection';
import type { DescribedExecution } from '../../operations/temporal/executions';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';

/*
 * Properties of reset targets in generated histories, in the form in which servers write them. The tests in
 * test/integration/reset-*.test.ts reset on a real server.
 */

type Event = temporal.api.history.v1.IHistoryEvent & { attributes: string };
/** Completes, fails or times out the next workflow task, or ends the oldest pending activity. */
type Step =
  { task: 'completed'; activities: ('pack' | 'ship')[] } | { task: 'failed' | 'timedOut' } | { fails: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    task: fc.constant('completed' as const),
    activities: fc.array(fc.constantFrom('pack' as const, 'ship' as const), { maxLength: 3 }),
  }),
  fc.record({ task: fc.constantFrom('failed' as const, 'timedOut' as const) }),
  fc.record({ fails: fc.boolean() }),
);

const long = (value: number) => Long.fromNumber(value);

/** The event batches that a server stores for these steps, with one second between events. */
function historyOf(steps: Step[]): Event[][] {
  const batches: Event[][] = [];
  const pending: number[] = [];
  let eventId = 0;
  const event = (attributes: string, values: object = {}): Event => {
    eventId += 1;
    const eventTime = { seconds: long(eventId), nanos: 0 };
    return { eventId: long(eventId), eventTime, attributes, [attributes]: values } as Event;
  };
  const scheduled = () => event('workflowTaskScheduledEventAttributes');
  batches.push([event('workflowExecutionStartedEventAttributes'), scheduled()]);
  for (const next of steps) {
    if ('fails' in next) {
      const scheduledEventId = pending.shift();
      const ended = next.fails ? 'activityTaskFailedEventAttributes' : 'activityTaskCompletedEventAttributes';
      if (scheduledEventId === undefined) batches.push([event('workflowExecutionSignaledEventAttributes')]);
      else {
        const of = { scheduledEventId: long(scheduledEventId), failure: { message: 'declined' } };
        batches.push([event('activityTaskStartedEventAttributes', of), event(ended, of)]);
      }
      continue;
    }
    batches.push([event('workflowTaskStartedEventAttributes')]);
    const end = event(`workflowTask${next.task[0]?.toUpperCase()}${next.task.slice(1)}EventAttributes`);
    const commanded = (next.task === 'completed' ? next.activities : []).map((name) => {
      const scheduling = event('activityTaskScheduledEventAttributes', {
        activityId: String(eventId),
        activityType: { name },
        workflowTaskCompletedEventId: end.eventId,
      });
      pending.push(eventId);
      return scheduling;
    });
    batches.push([end, ...commanded], [scheduled()]);
  }
  return batches;
}

/** A server with one history, whose page size counts batches, as on the real one. */
function serverOf(batches: Event[][]): NamespaceClient {
  const page = (of: Event[][]) => (request: { maximumPageSize?: number; nextPageToken?: Uint8Array }) => {
    const from = Number(Buffer.from(request.nextPageToken ?? []).toString());
    const to = from + (request.maximumPageSize ?? 1);
    const nextPageToken = to < of.length ? Buffer.from(String(to)) : new Uint8Array();
    return Promise.resolve({ history: { events: of.slice(from, to).flat() }, nextPageToken });
  };
  const newestFirst = batches.toReversed().map((batch) => batch.toReversed());
  return new NamespaceClient(
    'default',
    callsOver({
      withDeadline: (_deadline: number, send: () => unknown) => send(),
      workflowService: {
        getWorkflowExecutionHistory: page(batches),
        getWorkflowExecutionHistoryReverse: page(newestFirst),
      },
    } as unknown as Connection),
  );
}

/** A run that is read in small or large pages and, where there is a choice, from the front or from the back. */
function run(
  events: Event[],
  { smallPages, fromFront }: { smallPages: boolean; fromFront: boolean },
): DescribedExecution {
  const { length } = events;
  return {
    workflowId: 'w',
    runId: 'r',
    firstRunId: 'r',
    status: 'Running',
    cancelRequested: false,
    description: {
      pendingActivities: [],
      workflowExecutionInfo: {
        historyLength: long(fromFront ? length * 100 : 1),
        historySizeBytes: long(smallPages ? 1e12 : 0),
        // A time in the older half is searched from the front.
        startTime: { seconds: long(0), nanos: 0 },
        closeTime: { seconds: long(fromFront ? 1e6 : 0), nanos: 0 },
      },
    },
  } as unknown as DescribedExecution;
}

const end = (event: Event) => /^workflowTask(Completed|Failed|TimedOut)/.test(event.attributes);
const scheduling = (event: Event) => event.activityTaskScheduledEventAttributes;

const ways = [true, false].flatMap((smallPages) => [true, false].map((fromFront) => ({ smallPages, fromFront })));
const histories = fc.array(step, { maxLength: 60 }).map((steps) => {
  const batches = historyOf(steps);
  return { batches, events: batches.flat() };
});

type Find = (client: NamespaceClient, run: DescribedExecution) => Promise<Chosen | undefined>;

/** The resolved event ID, which must be the same for every page size and read order. */
async function found(batches: Event[][], find: Find): Promise<number | undefined> {
  const client = serverOf(batches);
  const [first, ...others] = await Promise.all(ways.map((way) => find(client, run(batches.flat(), way))));
  for (const other of others) expect(other).toEqual(first);
  return first?.eventId;
}

const property = (check: (history: { batches: Event[][]; events: Event[] }, at: number) => Promise<void>) =>
  fc.assert(fc.asyncProperty(histories, fc.nat(250), check), { numRuns: 150 });
const ids = (events: Event[]) => events.map(({ eventId }) => Number(eventId));

describe('in any history', () => {
  test('resolves the first workflow task to the first completed one, or to the first one that ended', async () => {
    await property(async ({ batches, events }) => {
      const [firstEnd] = ids(events.filter(end));
      const [firstCompleted = firstEnd] = ids(events.filter((event) => event.workflowTaskCompletedEventAttributes));
      expect(await found(batches, firstWorkflowTask)).toBe(firstCompleted);
    });
  });

  test('accepts an event ID if and only if a workflow task ended there', async () => {
    await property(async ({ batches, events }, at) => {
      const there = events.find((event) => Number(event.eventId) === at && end(event));
      expect(await found(batches, (client, of) => atEvent(client, of, at))).toBe(there && at);
    });
  });

  test('lists the completed tasks before the last one, newest first', async () => {
    await property(async ({ batches, events }, at) => {
      const completed = ids(events.filter((event) => event.workflowTaskCompletedEventAttributes)).toReversed();
      const back = at % (completed.length + 1);
      const fallback = completed.length === 0 ? ids(events.filter(end)).at(-1) : undefined;
      expect(await found(batches, (client, of) => tasksBeforeLast(client, of, back))).toBe(completed[back] ?? fallback);
    });
  });

  test('resolves a time to the first workflow task that ended at or after it', async () => {
    await property(async ({ batches, events }, at) => {
      const since = ids(events.filter((event) => end(event) && Number(event.eventTime?.seconds) >= at));
      expect(await found(batches, (client, of) => beforeTime(client, of, at * 1000))).toBe(since[0]);
    });
  });

  test('resolves before-activity to the task that scheduled it, by type, id and number', async () => {
    await property(async ({ batches, events }, at) => {
      const packs = events.filter((event) => scheduling(event)?.activityType?.name === 'pack');
      const tasks = packs.map((event) => Number(scheduling(event)?.workflowTaskCompletedEventId));
      const nth = at % (packs.length + 1);
      const by = (target: Parameters<typeof beforeActivity>[2]) =>
        found(batches, (client, of) => beforeActivity(client, of, target));

      expect(await by({ type: 'pack' })).toBe(tasks.at(-1));
      expect(await by({ type: 'pack', occurrence: 'first' })).toBe(tasks[0]);
      expect(await by({ type: 'pack', occurrence: nth + 1 })).toBe(tasks[nth]);
      expect(await by({ activityId: packs[nth] ? (scheduling(packs[nth])?.activityId ?? '') : 'none' })).toBe(
        tasks[nth],
      );
      expect(tasks.every((task, index) => task < Number(packs[index]?.eventId))).toBe(true);
    });
  });

  test('resolves before-failure to the task that scheduled the failed activity, or to the last one completed before a failed task', async () => {
    await property(async ({ batches, events }) => {
      const failed = events.filter(
        (event) =>
          event.activityTaskFailedEventAttributes ?? (end(event) && !event.workflowTaskCompletedEventAttributes),
      );
      const taskBefore = (failure: Event) => {
        const scheduled = events[Number(failure.activityTaskFailedEventAttributes?.scheduledEventId) - 1];
        if (scheduled) return Number(scheduling(scheduled)?.workflowTaskCompletedEventId);
        const before = events.slice(0, Number(failure.eventId) - 1);
        const completed = before.findLast((event) => event.workflowTaskCompletedEventAttributes);
        return Number((completed ?? failure).eventId);
      };
      for (const [which, failure] of [
        ['first', failed[0]],
        ['last', failed.at(-1)],
      ] as const) {
        expect(await found(batches, (client, of) => beforeFailure(client, of, which))).toBe(
          failure && taskBefore(failure),
        );
      }
    });
  });
});
