import { executeOperation } from '../../operations/execute-operation';
import { InMemoryLedger } from '../support/in-memory-ledger';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { ChangeRequest, Verb } from '../../operations/verb';

type Answer = { outcome: string; addedBy: number[] };

/** A verb without a change, whose concurrent follow-ups each add their number to the answer. */
function addingVerb(calls: number): Verb<ChangeRequest, Answer> {
  let arrived = 0;
  let release = () => {};
  const all = new Promise<void>((resolve) => (release = resolve));
  return {
    name: 'cancel',
    repeatable: true,
    plan: async () => ({ noop: { outcome: 'alreadyClosed', answer: { outcome: 'alreadyClosed', addedBy: [] } } }),
    execute: () => Promise.reject(new Error('there is nothing to do')),
    lookupOutcome: async () => undefined,
    async *followUp() {
      arrived += 1;
      const number = arrived;
      if (arrived === calls) release();
      await all;
      yield { amend: (answer) => ({ ...answer, addedBy: [...answer.addedBy, number] }) };
    },
  };
}

test('records all fields that concurrent calls add to an answer', async () => {
  const ledger = new InMemoryLedger();
  const verb = addingVerb(4);
  const request = { workflowId: 'order-1', reason: 'withdrawn' };
  const execute = () =>
    executeOperation({ ledger, onRecordFailure: () => {} }, { namespace: 'default' } as NamespaceClient, verb, {
      actor: { id: 'ann' },
      request,
      idempotencyKey: 'key',
    });

  const executed = await Promise.all([execute(), execute(), execute(), execute()]);

  const { answer } = (await ledger.find(executed[0].record.operationId)) ?? {};
  expect(answer).toMatchObject({ outcome: 'alreadyClosed' });
  expect(new Set((answer as Answer).addedBy)).toEqual(new Set([1, 2, 3, 4]));
});
