import * as fc from 'fast-check';
import type * as z from 'zod/mini';
import { routes } from '../../api';
import { verbNames } from '../../api/verbs';
import { openApiDocument } from '../../api/openapi';
import { cancellationRequestedDetail } from '../../api/accepted-events';
import { target } from '../../api/reset';
import { terminateRequest } from '../../api/terminate';
import type { Route } from '../../api/route';
import { OperationFailure } from '../../api/failures';
import { validate } from '../../functions/validation';
import { Contract } from '../support/contract';
import type { OpenApiDocument } from '../support/contract';
import { aName, aReason, aRunId, aWorkflowId, anyJson, anyText } from '../support/arbitraries';

/*
 * Properties of every request schema: each error says what is allowed, and a validated request is well-formed.
 * One `expect` for each input, because there are 50,000 and each `expect` captures a stack trace.
 */

const schemas = new Map<string, z.ZodMiniType>([
  ...Object.entries<Route>(routes).map(([name, { request }]) => [name, request] as const),
  ['target', target],
  ['cancellationRequestedDetail', cancellationRequestedDetail],
]);

const contract = new Contract(openApiDocument() as unknown as OpenApiDocument);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const without = (object: object, field: string) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

const aTarget = fc.oneof(
  fc.record({ eventId: fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }) }),
  fc.record({ at: fc.constantFrom('firstWorkflowTask', 'lastWorkflowTask', 'lastContinuedAsNew') }),
  fc.record({
    beforeActivity: fc
      .tuple(
        fc.constantFrom('type', 'activityId'),
        aName,
        maybe(fc.oneof(fc.integer({ min: 1 }), fc.constantFrom('first', 'last'))),
      )
      .map(([by, name, occurrence]) => ({ [by]: name, ...(occurrence !== undefined && { occurrence }) })),
  }),
  fc.record({ beforeFailure: fc.constantFrom('first', 'last') }),
  fc.record({
    beforeTime: fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString()),
  }),
  fc.record({ buildId: aName, deploymentName: maybe(aName) }),
  fc.record({ beforeBuildId: aName, deploymentName: maybe(aName) }),
  fc.record({ back: fc.nat() }),
);
const pageSize = fc.integer({ min: 1, max: 100 }).map(String);
const pageToken = anyText.filter((text) => text !== '');
const waitSeconds = fc.double({ min: 0, max: 25, noNaN: true });
const chain = { workflowId: aWorkflowId, runId: maybe(aRunId), firstExecutionRunId: maybe(aRunId), reason: aReason };

const aVersion = fc.record({ deploymentName: aName, buildId: aName });
const resetOptions = {
  excludeReapply: maybe(fc.array(fc.constantFrom('signals', 'updates', 'nexus'))),
  versioningOverride: maybe(
    fc.oneof(fc.constant('autoUpgrade'), fc.record({ pinned: aVersion }), fc.record({ oneTime: aVersion })),
  ),
  orphanedChildren: maybe(fc.constantFrom('leave', 'cancel', 'terminate')),
};
const aSubject = fc.oneof(
  fc.record({ query: aReason.filter((text) => !text.includes('\0')) }),
  fc.record({ workflows: fc.array(aWorkflowId, { minLength: 1, maxLength: 5 }) }),
);
const previewed = fc.record({
  engine: maybe(fc.constantFrom('worker', 'server')),
  exclude: maybe(fc.array(aWorkflowId, { minLength: 1, maxLength: 3 })),
  maxWorkflows: maybe(fc.integer({ min: 1, max: 100_000 })),
});
const aRate = fc.double({ min: 0.01, max: 1, noNaN: true });

/** Valid requests, by the name of their schema. Optional fields are undefined in some. */
const good: Record<string, fc.Arbitrary<object>> = {
  cancelWorkflow: fc.record({ ...chain, waitSeconds: maybe(waitSeconds) }),
  cancellationRequestedDetail: fc.record({
    ...chain,
    version: maybe(fc.constant('1')),
    namespace: aName,
    waitSeconds: maybe(waitSeconds),
  }),
  terminateWorkflow: fc.record(chain),
  cancelBatchOperation: fc.record({ reason: aReason }),
  suspendBatchOperation: fc.record({ reason: aReason }),
  resumeBatchOperation: fc.record({ reason: aReason }),
  retryBatchOperation: fc.record({
    reason: aReason,
    outcome: maybe(fc.constantFrom('failed', 'failedAgain', 'stuck', 'notBegun')),
    target: maybe(aTarget),
    expectMatched: maybe(fc.integer({ min: 0, max: 100_000 })),
  }),
  startRollback: fc.record({
    deploymentName: aName,
    badBuildId: aName,
    toBuildId: maybe(aName),
    includeClosed: maybe(fc.array(fc.constantFrom('Completed', 'Failed', 'TimedOut'), { maxLength: 3 })),
    restartTypes: maybe(fc.array(aName, { maxLength: 3 })),
    reason: aReason,
    exclude: maybe(fc.array(aWorkflowId, { minLength: 1, maxLength: 3 })),
    excludeReapply: resetOptions.excludeReapply,
    orphanedChildren: resetOptions.orphanedChildren,
    expectMatched: maybe(fc.integer({ min: 0, max: 100_000 })),
    followSeconds: maybe(fc.double({ min: 1, max: 600, noNaN: true })),
    stopAtFailureRate: maybe(aRate),
    ratePerSecond: maybe(fc.double({ min: 0.01, max: 200, noNaN: true })),
    maxWorkflows: maybe(fc.integer({ min: 1, max: 100_000 })),
    dryRun: maybe(fc.boolean()),
  }),
  previewBatchCancellation: fc.tuple(aSubject, previewed).map(([which, rest]) => ({ ...which, ...rest })),
  previewBatchTermination: fc.tuple(aSubject, previewed).map(([which, rest]) => ({ ...which, ...rest })),
  previewBatchPause: fc.tuple(aSubject, previewed).map(([which, rest]) => ({ ...which, ...rest })),
  previewBatchUnpause: fc.tuple(aSubject, previewed).map(([which, rest]) => ({ ...which, ...rest })),
  previewBatchUpdateOptions: fc.tuple(aSubject, previewed).map(([which, rest]) => ({ ...which, ...rest })),
  previewBatchReset: fc
    .tuple(aSubject, previewed, fc.record({ target: aTarget, ...resetOptions }))
    .map(([which, rest, options]) => ({ ...which, ...rest, ...options })),
  describeWorkflow: fc.record({ workflowId: aWorkflowId, runId: maybe(aRunId) }),
  getOperation: fc.constant({}),
  getBatchOperation: fc.constant({}),
  listBatchItems: fc.record({
    outcome: maybe(
      fc.constantFrom('succeeded', 'failed', 'failedAgain', 'stuck', 'notBegun', 'wentOn', 'completed', 'stillRunning'),
    ),
    pageSize: maybe(pageSize),
    pageToken: maybe(pageToken),
  }),
  listOperations: fc.record({
    workflowId: aWorkflowId,
    actor: maybe(fc.constantFrom('ann', 'arn:aws:iam::111122223333:user/ann', '6a7e8feb-b491-4cf7-a9f1-bf3703467718')),
    verb: maybe(fc.constantFrom(...verbNames)),
    state: maybe(fc.constantFrom('started', 'completed', 'refused', 'failed', 'unknown')),
    since: maybe(fc.constantFrom('2026-01-30T12:00:00Z', '2026-01-31T01:00:00+02:00')),
    until: maybe(fc.constant('2026-01-31T12:00:00.5Z')),
    batchOperationId: maybe(fc.constant('op-3f9a51c2b7d84e60a1f2c3d4e5f60718')),
    pageSize: maybe(pageSize),
    pageToken: maybe(pageToken),
  }),
  listBatchOperations: fc.record({
    state: maybe(fc.constantFrom('running', 'completed', 'cancelled', 'failed', 'suspended')),
    pageSize: maybe(pageSize),
    pageToken: maybe(pageToken),
  }),
  listHistory: fc.record({
    workflowId: aWorkflowId,
    runId: maybe(aRunId),
    pageSize: maybe(pageSize),
    pageToken: maybe(pageToken),
  }),
  listResetPoints: fc.record({
    workflowId: aWorkflowId,
    runId: maybe(aRunId),
    pageSize: maybe(pageSize),
    pageToken: maybe(pageToken),
  }),
  target: aTarget,
  resetWorkflow: fc.record({
    workflowId: aWorkflowId,
    runId: maybe(aRunId),
    reason: aReason,
    target: aTarget,
    ifCurrentRunId: maybe(aRunId),
    terminateRunId: maybe(aRunId),
    ...resetOptions,
    waitSeconds: maybe(waitSeconds),
    dryRun: maybe(fc.boolean()),
  }),
  startBatchOperation: fc
    .tuple(
      fc.oneof(
        fc.record({ action: fc.constantFrom('cancel', 'terminate', 'unpause') }),
        fc.record({ action: fc.constant('pause'), until: maybe(fc.constant('2026-01-31T18:00:00Z')) }),
        fc.record({
          action: fc.constant('updateOptions'),
          versioningOverride: fc.oneof(fc.constantFrom('autoUpgrade', 'none'), fc.record({ pinned: aVersion })),
        }),
        fc.record({
          action: fc.constant('reset'),
          target: aTarget,
          followSeconds: maybe(fc.double({ min: 1, max: 600, noNaN: true })),
          ...resetOptions,
        }),
      ),
      aSubject,
      fc.record({
        engine: maybe(fc.constantFrom('worker', 'server')),
        exclude: maybe(fc.array(aWorkflowId, { minLength: 1, maxLength: 3 })),
        expectMatched: maybe(fc.integer({ min: 0, max: 100_000 })),
        canary: maybe(
          fc.record({
            count: fc.integer({ min: 1, max: 100 }),
            waitSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
            maxFailureRate: maybe(aRate),
          }),
        ),
        stopAtFailureRate: maybe(aRate),
        reason: aReason,
        ratePerSecond: maybe(fc.double({ min: 0.01, max: 200, noNaN: true })),
        maxWorkflows: maybe(fc.integer({ min: 1, max: 100_000 })),
        dryRun: maybe(fc.boolean()),
      }),
    )
    .map(([action, which, rest]) => ({ ...action, ...which, ...rest })),
};

/** Encodes as JSON, which drops undefined fields, and decodes. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function errorsOf(schema: z.ZodMiniType, input: unknown) {
  try {
    validate(schema, input);
    return [];
  } catch (error) {
    if (error instanceof OperationFailure) return error.details.errors ?? [];
    throw error;
  }
}

/** All texts in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Fields that are not sent to the server. */
const notSent = new Set(['namespace', 'pageToken']);
const fieldsWithText = (input: object) =>
  Object.entries(input).flatMap(([name, value]) => (textsIn(value).length > 0 && !notSent.has(name) ? [name] : []));

/** Valid requests of a route; its examples if it has no arbitrary. */
const requestsOf = (name: string): fc.Arbitrary<object> => {
  const { method, requests = {} } = (routes as Partial<Record<string, Route>>)[name] ?? {};
  const examples = Object.values(requests).map((example) =>
    // A query string holds texts.
    method === 'GET'
      ? Object.fromEntries(Object.entries(example).map(([key, value]) => [key, String(value)]))
      : example,
  );
  return good[name] ?? (examples.length > 0 ? fc.constantFrom(...examples) : fc.constant({}));
};

describe.each([...schemas])('%s', (name, schema) => {
  const request = requestsOf(name);

  test('each error says what is allowed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyJson,
          request.chain((fields) => anyJson.map((more) => Object.assign({}, more, fields))),
        ),
        (input) => {
          const texts = errorsOf(schema, sent(input)).map(({ allowed }) => allowed);
          expect(texts.filter((allowed) => allowed.length <= 4 || /invalid|expected/i.test(allowed))).toEqual([]);
        },
      ),
    );
  });

  test('accepts every valid request, with well-formed texts and lower-case run ids', () => {
    fc.assert(
      fc.property(request, (input) => {
        const output = validate(schema, sent(input)) as { runId?: string };

        const texts = textsIn({ ...output, pageToken: '' });
        expect([texts.every((text) => text.isWellFormed()), /[A-F]/.test(output.runId ?? '')]).toEqual([true, false]);
      }),
    );
  });

  test('names an unknown field, whatever its name', () => {
    fc.assert(
      fc.property(request, anyText, anyJson, (input, field, value) => {
        const fields = sent(input) as object;
        fc.pre(!(field in good) && !Object.hasOwn(fields, field) && !known.has(field));
        const more = Object.defineProperty({ ...fields }, field, { value, enumerable: true });

        const errors = errorsOf(schema, more);

        expect(errors.map((error) => error.field)).toEqual([field]);
      }),
    );
  });

  test('names only the invalid field', () => {
    fc.assert(
      fc.property(request, fc.nat(), anyJson, (input, at, value) => {
        const fields = sent(input) as object;
        const names = Object.keys(fields);
        if (names.length === 0) return;
        const field = names[at % names.length]!;

        const errors = errorsOf(schema, { ...without(fields, field), [field]: value });

        // The action of a batch operation determines its other fields.
        const mayBeNamed =
          field === 'action' ? ['action', 'target', ...Object.keys(resetOptions), 'followSeconds', 'until'] : [field];
        const others = errors.filter((error) => !mayBeNamed.includes(error.field.split('.')[0]!));
        expect(others).toEqual([]);
      }),
    );
  });
});

/** Whether JSON Schema, which counts characters and not bytes, can decide that the texts are allowed. */
const isComparable = (value: unknown) =>
  textsIn(value).every((text) => text.isWellFormed() && Buffer.byteLength(text) <= 1000 === text.length <= 1000);

describe.each(Object.entries<Route>(routes).filter(([, { method }]) => method === 'POST'))(
  'docs/openapi.json on the body of %s',
  (name, { request: schema }) => {
    const request = requestsOf(name);
    const documented = { $ref: `#/components/schemas/${name[0]?.toUpperCase()}${name.slice(1)}Request` };
    const long = fc.constantFrom(999, 1000, 1001, 1200).map((length) => 'x'.repeat(length));
    const bounds = fc.constantFrom<unknown>(
      '',
      ' ',
      '\0',
      0,
      -1,
      1,
      25,
      26,
      200,
      201,
      100_000,
      100_001,
      1.5,
      null,
      [],
      {},
      true,
    );

    test('allows exactly what the function allows', () => {
      fc.assert(
        fc.property(request, fc.nat(), fc.oneof(anyJson, long, bounds), fc.boolean(), (input, at, value, drop) => {
          const fields = sent(input) as object;
          const names = Object.keys(fields);
          const field = names[at % Math.max(1, names.length)] ?? 'reason';
          const changed = drop ? without(fields, field) : { ...fields, [field]: value };
          const disputed = [fields, changed].filter(
            (body) =>
              isComparable(body) &&
              (contract.errors(documented, body) === undefined) !== (errorsOf(schema, body).length === 0),
          );
          expect(disputed).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });
  },
);

const haveText = [...schemas].filter(([name]) =>
  fc.sample(requestsOf(name), { numRuns: 50, seed: 1 }).some((request) => fieldsWithText(request).length > 0),
);

test.each(haveText)('%s refuses half of a surrogate pair in any field that reaches the server', (name, schema) => {
  const halved = (_key: string, value: unknown) => (typeof value === 'string' ? `${value}\ud800` : value);
  fc.assert(
    fc.property(requestsOf(name), fc.nat(), (request, at) => {
      const names = fieldsWithText(request);
      fc.pre(names.length > 0);
      const field = names[at % names.length]!;
      const fields = sent(request) as Record<string, unknown>;
      const broken = { ...fields, [field]: JSON.parse(JSON.stringify(fields[field]), halved) as unknown };

      const errors = errorsOf(schema, broken);

      expect(errors.map((error) => error.field.split('.')[0])).toContain(field);
    }),
  );
});

/** Fields of any schema, which are not unknown everywhere. */
const known = new Set(
  Object.values(good).flatMap((request) => fc.sample(request, { numRuns: 50, seed: 1 }).flatMap(Object.keys)),
);

describe('a time to reset before', () => {
  const time = fc
    .tuple(
      fc.constantFrom('0000', '1969', '2026', '9999', '+10000', '26'),
      fc.constantFrom('01-31', '02-28', '02-29', '02-30', '12-31', '13-01', '00-10'),
      fc.constantFrom('T', ' ', 't'),
      fc.constantFrom('00:00:00', '23:59:59', '23:59:60', '24:00:00', '12:00', '12:00:00.123456789', '12:00:00.'),
      fc.constantFrom('Z', 'z', '', '+00:00', '-00:00', '+23:59', '+24:00', '-1200', '+02'),
    )
    .map(([year, day, separator, clock, offset]) => `${year}-${day}${separator}${clock}${offset}`);

  test('is a valid time or is refused', () => {
    const { request } = routes.resetWorkflow;
    fc.assert(
      fc.property(time, (beforeTime) => {
        const errors = errorsOf(request, { workflowId: 'w', reason: 'r', target: { beforeTime } });
        expect(errors.length > 0 || !Number.isNaN(Date.parse(beforeTime))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

test('a reason may have 1,000 Unicode characters, even if those have more UTF-16 units', () => {
  const withReason = (reason: string) => ({ workflowId: 'order-1', reason });
  expect(errorsOf(terminateRequest, withReason('😀'.repeat(1_000)))).toEqual([]);
  expect(errorsOf(terminateRequest, withReason('😀'.repeat(1_001)))).toMatchObject([{ field: 'reason' }]);
});
