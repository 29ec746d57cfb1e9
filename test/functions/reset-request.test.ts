import type { OperationFailure } from '../../api/failures';
import type * as z from 'zod/mini';
import { resetPointsRequest } from '../../api/reset-points';
import { resetRequest } from '../../api/reset';
import { parseSignalInput } from '../../cli/command-line/signal-input';
import { validate } from '../../functions/validation';

const base = { workflowId: 'order-1', reason: 'bad deploy' };
const runId = '0b1c2d3e-0000-4000-8000-123456789abc';

const errorsOf = (schema: z.ZodMiniType, input: object) => {
  try {
    validate(schema, input);
    return [];
  } catch (error) {
    return (error as OperationFailure).details.errors ?? [];
  }
};

describe('a reset request', () => {
  test.each([
    { eventId: 12 },
    { eventId: 0 },
    { eventId: -1 },
    { at: 'firstWorkflowTask' },
    { at: 'lastWorkflowTask' },
    { at: 'lastContinuedAsNew' },
    { beforeActivity: { type: 'chargeCard' } },
    { beforeActivity: { type: 'chargeCard', occurrence: 2 } },
    { beforeActivity: { activityId: '7', occurrence: 'first' } },
    { beforeFailure: 'first' },
    { beforeFailure: 'last' },
    { beforeTime: '2026-01-31T12:00:00Z' },
    { beforeTime: '2026-01-31T12:00:00.123+02:00' },
    { buildId: 'build-7' },
    { beforeBuildId: 'build-7' },
    { buildId: 'build-7', deploymentName: 'orders' },
    { beforeBuildId: 'build-7', deploymentName: 'orders' },
    { back: 0 },
    { back: 3 },
  ])('accepts the target %j', (target) => {
    expect(validate(resetRequest, { ...base, target })).toEqual({ ...base, target });
  });

  test.each<[object, string]>([
    [{}, 'target'],
    [{ eventId: 4, back: 1 }, 'target'],
    [{ eventId: 1.5 }, 'target.eventId'],
    [{ eventId: '4' }, 'target.eventId'],
    [{ eventId: null }, 'target.eventId'],
    [{ at: 'LastWorkflowTask' }, 'target.at'],
    [{ beforeActivity: {} }, 'target.beforeActivity'],
    [{ beforeActivity: { type: 'a', activityId: 'b' } }, 'target.beforeActivity'],
    [{ beforeActivity: { type: '' } }, 'target.beforeActivity.type'],
    [{ beforeActivity: { type: 'a', occurrence: 0 } }, 'target.beforeActivity.occurrence'],
    [{ beforeFailure: 'any' }, 'target.beforeFailure'],
    [{ beforeTime: 'yesterday' }, 'target.beforeTime'],
    [{ beforeTime: '2026-01-31' }, 'target.beforeTime'],
    [{ buildId: '' }, 'target.buildId'],
    [{ deploymentName: 'orders' }, 'target'],
    [{ back: 1, deploymentName: 'orders' }, 'target'],
    [{ buildId: 'build-7', beforeBuildId: 'build-7' }, 'target'],
    [{ buildId: 'build-7', deploymentName: '' }, 'target.deploymentName'],
    [{ back: -1 }, 'target.back'],
    [{ back: 0.5 }, 'target.back'],
    [{ event: 4 }, 'target.event'],
  ])('refuses the target %j and names %s', (target, field) => {
    const errors = errorsOf(resetRequest, { ...base, target });

    expect(errors.map((error) => error.field)).toContain(field);
    for (const { allowed } of errors) expect(allowed).not.toMatch(/invalid|expected/i);
  });

  test('accepts all optional fields', () => {
    const input = {
      ...base,
      runId,
      target: { back: 1 },
      ifCurrentRunId: runId,
      terminateRunId: runId,
      excludeReapply: ['signals', 'updates', 'nexus'],
      versioningOverride: { pinned: { deploymentName: 'orders', buildId: 'build-7' } },
      orphanedChildren: 'cancel',
      waitSeconds: 10,
      dryRun: true,
    };
    expect(validate(resetRequest, input)).toEqual(input);
  });

  test.each<[object, string]>([
    [{ ifCurrentRunId: 'x' }, 'ifCurrentRunId'],
    [{ terminateRunId: 4 }, 'terminateRunId'],
    [{ excludeReapply: ['timers'] }, 'excludeReapply.0'],
    [{ excludeReapply: 'signals' }, 'excludeReapply'],
    [{ versioningOverride: 'pinned' }, 'versioningOverride'],
    [{ versioningOverride: { pinned: { buildId: 'b' } } }, 'versioningOverride'],
    [{ orphanedChildren: 'abandon' }, 'orphanedChildren'],
    [{ waitSeconds: 26 }, 'waitSeconds'],
    [{ dryRun: 'yes' }, 'dryRun'],
    [{ force: true }, 'force'],
  ])('refuses %j', (field, name) => {
    const errors = errorsOf(resetRequest, { ...base, target: { eventId: 4 }, ...field });

    expect(errors.map((error) => error.field)).toEqual([name]);
    for (const { allowed } of errors) expect(allowed).not.toMatch(/invalid|expected/i);
  });

  const signalOf = (json: string) => ({
    ...base,
    target: { eventId: 4 },
    thenSignal: { signalName: 's', input: JSON.parse(json) as unknown },
  });

  test.each(['null', '0', '-1.5', '[9007199254740991, {"a": 0.1}, "9007199254740993"]'])(
    'accepts %s as the input of a signal',
    (json) => {
      expect(validate(resetRequest, signalOf(json))).toEqual(signalOf(json));
    },
  );

  test.each(['9007199254740993', '[{"orderId": 18014401185133493}]', '1e400', '-1e21'])(
    'refuses %s as the input of a signal, because the number would be sent with other digits',
    (json) => {
      expect(errorsOf(resetRequest, signalOf(json))).toMatchObject([
        { field: 'thenSignal.input', allowed: expect.stringContaining('send them as strings') },
      ]);
      expect(() => parseSignalInput(json)).toThrow('send it as a string');
    },
  );

  test('requires a target', () => {
    expect(errorsOf(resetRequest, base)).toMatchObject([
      { field: 'target', allowed: expect.stringContaining('exactly one') },
    ]);
  });
});

describe('a request for reset points', () => {
  test('accepts run, page size and page token', () => {
    expect(validate(resetPointsRequest, { workflowId: 'o', runId, pageSize: '5', pageToken: 't' })).toEqual({
      workflowId: 'o',
      runId,
      pageSize: 5,
      pageToken: 't',
    });
    expect(validate(resetPointsRequest, { workflowId: 'o' })).toEqual({ workflowId: 'o', pageSize: 20 });
  });

  test.each(['0', '101', '-1', '1.5', 'many'])('refuses the page size %s', (pageSize) => {
    expect(errorsOf(resetPointsRequest, { workflowId: 'o', pageSize })).toMatchObject([{ field: 'pageSize' }]);
  });
});
