import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import { changedBefore, failingCall, losingResponse } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { failedWorkflow, startTimer, testConnection } from '../support/scripted-workflow';
import type { ScriptedWorkflow } from '../support/scripted-workflow';

const connection = testConnection();
const rewind = new Rewind(testLedger());

const request = {
  target: { at: 'firstWorkflowTask' },
  thenSignal: { signalName: 'useBuild', input: { build: 7 } },
} as const;

const signalsIn = async (workflow: ScriptedWorkflow, runId: string) =>
  (await workflow.history(runId)).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);

test('the new run receives the signal before its first workflow task, with its input and the operation id', async () => {
  const workflow = await failedWorkflow(connection);

  const { answer } = await rewind.reset(workflow, request);

  expect(answer.thenSignal).toEqual({ signalName: 'useBuild', outcome: 'sent', beforeFirstWorkflowTask: true });
  const [signal, ...others] = await signalsIn(workflow, answer.newRunId);
  expect(others).toEqual([]);
  expect(signal).toMatchObject({
    signalName: 'useBuild',
    identity: `[rewind ${answer.operationId} by ${ann.id}]`,
  });
  expect(JSON.parse(Buffer.from(signal?.input?.payloads?.[0]?.data ?? []).toString())).toEqual({ build: 7 });
});

test.each([
  ['completed', async (workflow: ScriptedWorkflow) => workflow.completeTask(startTimer('1', 600_000))],
  ['started', async (workflow: ScriptedWorkflow) => void (await workflow.pollTask())],
])('the result says that the first workflow task %s before the signal arrived', async (_, proceed) => {
  const workflow = await failedWorkflow(connection);

  const { answer } = await rewind.reset(
    changedBefore(workflow, 'signal', () => proceed(workflow)),
    request,
  );

  expect(answer.thenSignal).toEqual({ signalName: 'useBuild', outcome: 'sent', beforeFirstWorkflowTask: false });
});

test('a signal that was not sent is sent once by retries with the same key', async () => {
  const workflow = await failedWorkflow(connection);
  const options = { idempotencyKey: randomUUID() };
  const throttled = failingCall(workflow, 'signal', new OperationFailure('throttled', 'Too many.'));
  const { answer } = await rewind.reset(throttled, request, options);
  expect(answer.thenSignal).toEqual({ signalName: 'useBuild', outcome: 'notSent', why: 'Too many.' });

  for (const _ of ['first retry', 'second retry']) {
    const retried = await rewind.reset(workflow, request, options);
    expect(retried.answer.thenSignal).toMatchObject({ outcome: 'sent' });
  }
  expect(await signalsIn(workflow, answer.newRunId)).toHaveLength(1);
});

test('a signal whose response was lost is found in history', async () => {
  const workflow = await failedWorkflow(connection);

  const { answer } = await rewind.reset(losingResponse(workflow, 'signal'), request);

  expect(answer.thenSignal).toMatchObject({ outcome: 'sent', beforeFirstWorkflowTask: true });
  expect(await signalsIn(workflow, answer.newRunId)).toHaveLength(1);
});

test('a reset whose response was lost signals its new run', async () => {
  const workflow = await failedWorkflow(connection);

  const { answer } = await rewind.reset(losingResponse(workflow, 'reset'), request);

  expect(answer.thenSignal).toMatchObject({ outcome: 'sent' });
  expect(await signalsIn(workflow, answer.newRunId)).toHaveLength(1);
});
