import * as z from 'zod';
import { batchEngines } from '../../api/batch-operation';
import { MIN_RATE } from '../../api/batch-operations';
import { CANCELLATION_REQUESTED } from '../../api/accepted-events';
import { EVENT_SOURCE } from '../../api/emitted-events';
import { malformedPaths, malformedQueryPaths, placesValuesSafely } from '../../operations/trigger';
import { COMPARABLE } from '../../operations/temporal/visibility-text';
import { incomparableText } from '../../operations/visibility-query';
import { accountId, namespaceName } from './formats';
import { sameIdentifiers } from './names';
import type { NameProblem } from './names';

/** Excludes Rewind's own source: a trigger on its events would trigger itself in a loop. */
const eventSources = z
  .array(
    z
      .string()
      .min(1)
      .regex(/^[^*?"\\]+$/, 'the exact source of an event, without wildcards'),
  )
  .min(1)
  .refine((sources) => !sources.includes(EVENT_SOURCE), `sources other than "${EVENT_SOURCE}", which is Rewind’s own`);

const template = z.string().min(1).max(1000);
const PATHS = 'paths into the event such as <$.detail.orderId>: names and [indexes] after "$", separated by dots';

const eventTemplate = template.refine((text) => malformedPaths(text).length === 0, `a text with ${PATHS}`);

const queryTemplate = template
  .refine((text) => malformedQueryPaths(text).length === 0, `a query with ${PATHS}`)
  .refine(
    placesValuesSafely,
    'a query without comments, in which no path is inside quotes or part of a word: Rewind quotes the values',
  )
  .refine(
    (text) => incomparableText(text) === undefined,
    `a query in which every string is ${COMPARABLE}: Temporal matches no other strings`,
  );

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_PATTERN_CHARACTERS = 2048;

/** The event pattern whose length EventBridge limits. The account is the deployment's own by default. */
const patternOf = ({ sources, eventPattern }: { sources: string[]; eventPattern: object }) =>
  JSON.stringify({ account: ['111122223333'], source: sources, ...eventPattern });

const eventAccounts = z
  .array(accountId)
  .min(1)
  .optional()
  .describe(
    'Accounts whose events are accepted and which may put them on the bus; the deployment’s account when absent.',
  );

export const trigger = z
  .strictObject({
    sources: eventSources.describe('The event sources that this trigger accepts.'),
    eventPattern: z
      .strictObject({
        'detail-type': z
          .array(z.string().min(1))
          .min(1)
          .describe('The `detail-type` of an event has to be one of these.'),
        detail: z.record(z.string(), z.unknown()).optional().describe('EventBridge pattern for `detail`.'),
        account: eventAccounts,
      })
      .describe('EventBridge event pattern, to which `sources` is added.'),
    namespace: namespaceName.describe('Namespace of the workflows; one of `namespaces`.'),
    workflowId: eventTemplate
      .optional()
      .describe(
        'Id of the workflow to cancel, with paths into the event: `order-<$.detail.orderId>`. Either this or `query`.',
      ),
    query: queryTemplate
      .optional()
      .describe(
        'Visibility query with paths into the event: a batch operation applies `action` to all workflows that match.',
      ),
    action: z
      .enum(['cancel', 'terminate'])
      .default('cancel')
      .describe('With `query`: action of the batch operation. Terminated workflows cannot clean up.'),
    engine: z
      .enum(batchEngines)
      .default('worker')
      .describe(
        'With `query`: `worker`, the worker that `worker` configures in the same namespace, or `server`, Temporal’s batch engine.',
      ),
    ratePerSecond: z.number().min(MIN_RATE).max(200).default(20).describe('With `query`: workflows per second.'),
    maxWorkflows: z
      .int()
      .min(1)
      .max(100_000)
      .default(1000)
      .describe('With `query`: an event whose query matches more workflows is rejected.'),
    reason: eventTemplate
      .default('event <$.detail-type> of <$.source>')
      .describe('Reason for Temporal’s history and the ledger, with paths into the event.'),
  })
  .refine(({ workflowId, query }) => (workflowId === undefined) !== (query === undefined), 'either workflowId or query')
  .refine(({ workflowId, action }) => workflowId === undefined || action === 'cancel', {
    path: ['action'],
    message: 'only "cancel" with workflowId: "terminate" needs a query',
  })
  .refine((config) => patternOf(config).length <= MAX_PATTERN_CHARACTERS, {
    path: ['eventPattern'],
    message: `an event pattern of at most ${MAX_PATTERN_CHARACTERS} characters, including the sources`,
  });

/** Construct id of the rule of cancellation requests, without its prefix. The rules of triggers have the triggers' names. */
export const CANCELLATION_REQUESTS_RULE = 'cancellation-requests';

/** Returns a problem for each trigger whose rule, or statement in the bus's policy, has the identifier of another one. */
export function triggerNameProblems(
  triggers: Record<string, z.output<typeof trigger>>,
  hasCancellationRequests: boolean,
): NameProblem[] {
  const ofOtherAccounts = Object.entries(triggers).filter(([, { eventPattern }]) => eventPattern.account !== undefined);
  const problems = sameIdentifiers(
    'triggers',
    ofOtherAccounts.map(([name]) => name),
  );
  if (!hasCancellationRequests || !Object.hasOwn(triggers, CANCELLATION_REQUESTS_RULE)) return problems;
  const message = 'is the name of the rule of `cancellationRequests`: rename the trigger';
  return [...problems, { path: ['triggers', CANCELLATION_REQUESTS_RULE], message }];
}

export const events = z.strictObject({
  maxConcurrency: z
    .int()
    .min(2)
    .max(1000)
    .default(10)
    .describe('Maximum concurrency of the function that processes events. Each invocation has up to ten events.'),
  retryHours: z
    .int()
    .min(1)
    .max(72)
    .default(24)
    .describe('How long an event is retried while Temporal or the ledger is unavailable or throttles, in hours.'),
  rejectedRetentionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('How long the ledger keeps a rejected event after its last rejection, in days.'),
});

export const cancellationRequests = z
  .strictObject({
    sources: eventSources.describe('The event sources that are accepted.'),
    account: eventAccounts,
    namespaces: z
      .array(namespaceName)
      .min(1)
      .optional()
      .describe('Namespaces whose workflows the senders may cancel; all of `namespaces` when absent.'),
  })
  .refine(({ sources, account, namespaces: namespace }) => {
    const eventPattern = {
      'detail-type': [CANCELLATION_REQUESTED],
      ...(account && { account }),
      detail: { namespace },
    };
    return patternOf({ sources, eventPattern }).length <= MAX_PATTERN_CHARACTERS;
  }, `an event pattern of at most ${MAX_PATTERN_CHARACTERS} characters, of sources, accounts and namespaces`);
