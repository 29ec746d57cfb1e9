import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runInThisContext } from 'node:vm';
import { build } from 'esbuild';
import type { runSchedule } from './schedule';

/** A change to the source, or to the ledger of the simulation, that removes a condition, a lookup or a margin. The simulation must fail. */
export interface Mutant {
  without: string;
  file: string;
  find: string;
  replace: string;
  /** Seed of a schedule that fails. */
  seed: number;
}

const once = 'operations/ledger/execute-once.ts';
const memory = 'test/support/in-memory-ledger.ts';
const lease = 'operations/ledger/lease.ts';
const reconcile = 'operations/ledger/reconcile.ts';
const result = 'operations/ledger/attempt-result.ts';
const cancel = 'operations/cancel.ts';
const terminate = 'operations/terminate.ts';
const chain = 'operations/chain.ts';
const executions = 'operations/temporal/executions.ts';

const anyVersion = '{ ...record, version: this.records.get(record.operationId)?.version ?? 0 }';

export const mutants: Mutant[] = [
  {
    without: 'the condition of creating a record',
    file: memory,
    find: 'if (!existing) this.records.set(record.operationId, withoutUndefined(record));\n    return existing?.owner === record.owner ? undefined : existing;',
    replace: 'this.records.set(record.operationId, withoutUndefined(record));\n    return undefined;',
    seed: 4,
  },
  {
    without: 'the condition of a takeover',
    file: memory,
    find: "return this.write(record, { owner, ...leased(leaseUntil), attempt, state: 'started' });",
    replace: `return this.write(${anyVersion}, { owner, ...leased(leaseUntil), attempt, state: 'started' });`,
    seed: 37121,
  },
  {
    without: 'the condition of recording the target run',
    file: memory,
    find: 'return this.write(record, { runId, mayExecuteUntil, ...leased(leaseUntil) });',
    replace: `return this.write(${anyVersion}, { runId, mayExecuteUntil, ...leased(leaseUntil) });`,
    seed: 1418,
  },
  {
    without: 'the condition of completing',
    file: memory,
    find: 'return this.write(record, { failure: undefined, nextCheckAt: undefined, ...result });',
    replace: `return this.write(${anyVersion}, { failure: undefined, nextCheckAt: undefined, ...result });`,
    seed: 703,
  },
  {
    without: 'the record of the target run',
    file: once,
    find: 'return this.dependencies.ledger.recordTargetRun(claimed, runId, changeLease(this.ledgerTime()));',
    replace: 'return { ...claimed, runId, ...changeLease(this.ledgerTime()) };',
    seed: 5,
  },
  {
    without: 'the result of recording the target run',
    file: once,
    find: 'if (target) {',
    replace: 'target ??= { ...claimed, runId: plan.runId, ...changeLease(this.ledgerTime()) };\n        {',
    seed: 497,
  },
  {
    without: 'every history lookup before a second execution',
    file: once,
    find: 'const done = await lookUpOutcome(this.verb, this.call, claimed, runId);\n    if (!done && executionWindowOver)',
    replace: 'const done = undefined as OperationResult<Answer> | undefined;\n    if (!done && executionWindowOver)',
    seed: 4,
  },
  {
    without: 'the second history lookup, after planning',
    file: once,
    find: 'const doneLate = await this.lookUp(claimed, runId);',
    replace: 'const doneLate = undefined as OperationResult<Answer> | undefined;',
    seed: 3003,
  },
  {
    without: 'the wait for a request that may still be executed',
    file: once,
    find: 'if (waitMs > 0 && !this.verb.repeatable) throw',
    replace: 'if (waitMs > 0 && false) throw',
    seed: 165,
  },
  {
    without: 'the earlier attempt, when this attempt is refused',
    file: once,
    find: 'const certain = !mayHaveActed && !this.earlierMayHaveActed;',
    replace: 'const certain = !mayHaveActed;',
    seed: 4,
  },
  {
    without: 'the unknown outcome of an unanswered request',
    file: once,
    find: 'const certain = !mayHaveActed && !this.earlierMayHaveActed;',
    replace: 'const certain = !this.earlierMayHaveActed;',
    seed: 4,
  },
  {
    without: 'the message that an earlier request may have been executed',
    file: once,
    find: 'certain || !changedNothing(error) ? error : stillUnknown(claimed, error)',
    replace: 'error',
    seed: 184,
  },
  {
    without: 'the recorded answer, for an attempt that lost its record',
    file: once,
    find: 'return recorded ? own : this.answerAsRecorded({ own });',
    replace: 'return recorded || own ? own : own;',
    seed: 102895,
  },
  {
    without: 'the completion of operations whose history is deleted',
    file: result,
    find: 'failure: recordedFailure(error), leaseUntil: ledgerTime };\n}',
    replace:
      'failure: recordedFailure(error), leaseUntil: ledgerTime, nextCheckAt: new Date(ledgerTime).toISOString() };\n}',
    seed: 113,
  },
  {
    without: 'the margin for late execution',
    file: lease,
    find: 'export const LATE_EXECUTION_MS = 60_000;',
    replace: 'export const LATE_EXECUTION_MS = 0;',
    seed: 165,
  },
  {
    without: 'the ledger’s clock',
    file: once,
    find: 'return ledgerTime(this.dependencies);',
    replace: 'return this.now();',
    seed: 256,
  },
  {
    without: 'the tolerance for clocks when history is searched',
    file: 'operations/temporal/history.ts',
    find: 'export const MAX_CLOCK_SKEW_MS = 15 * 60_000;',
    replace: 'export const MAX_CLOCK_SKEW_MS = 0;',
    seed: 13,
  },
  {
    without: 'the wait of reconciliation for a request that may still be executed',
    file: reconcile,
    find: 'return time < mayExecuteUntil ? undefined : brokenOff(time);',
    replace: 'return brokenOff(time);',
    seed: 1753,
  },
  {
    without: 'the history lookup of reconciliation',
    file: reconcile,
    find: 'const done = await lookUpOutcome(verb, call, record, runId);',
    replace: 'const done = undefined as OperationResult<object> | undefined;',
    seed: 4,
  },
  {
    without: 'the isolation of namespaces, one of which is unreachable',
    file: reconcile,
    find: 'namespaces.map((each) => new NamespaceReconciliation(dependencies, each, until).run()),',
    replace:
      'namespaces.map(async (each, at) => { if (at > 0) await new Promise((resolve) => setTimeout(resolve, 70_000)); return new NamespaceReconciliation(dependencies, each, until).run(); }),',
    seed: 4,
  },
  {
    without: 'the execution chain, when a change is planned',
    file: chain,
    find: 'return runId === undefined ? latestOfChain(client, run) : run;',
    replace: 'return run;',
    seed: 55,
  },
  {
    without: 'the execution chain, when history is searched',
    file: chain,
    find: 'if (onlyThisRun) return undefined;',
    replace: 'return undefined;',
    seed: 109,
  },
  {
    without: 'the execution chain, when a run closes before its termination',
    file: terminate,
    find: 'const latest = request.runId === undefined ? await latestOfChain(client, run) : run;',
    replace: 'const latest = run;',
    seed: 537,
  },
  {
    without: 'the execution chain, when a run closes before its cancellation request',
    file: cancel,
    find: 'const latest = request.runId === undefined ? await latestOfChain(client, run) : run;\n  // The event may have been written between the two reads.\n  if ((await findRequest(call, target',
    replace:
      'const latest = run;\n  // The event may have been written between the two reads.\n  if ((await findRequest(call, target',
    seed: 470,
  },
  {
    without: 'the search for the tagged event after a cancellation',
    file: cancel,
    find: 'const seen = await outcomeInHistory(call, run, requestedAt)',
    replace: "const seen = await Promise.resolve(result(call, 'requested', run))",
    seed: 34,
  },
  {
    without: 'events that the server buffers',
    file: executions,
    find: 'return Boolean(description.pendingWorkflowTask?.startedTime);',
    replace: 'return description === undefined;',
    seed: 252,
  },
  {
    without: 'the second search after a cancellation',
    file: cancel,
    find: "  if ((await findRequest(call, target, since)) !== undefined) return result(call, 'requested', target);\n  if (!isOpen",
    replace: '  if (!isOpen',
    seed: 1596,
  },
  {
    without: 'the request to the run that continues a run with a cancellation request',
    file: cancel,
    find: 'if (!run.cancelRequested) await requestCancel(call, run);',
    replace: '',
    seed: 216,
  },
  {
    without: 'the end of the execution chain, when a cancellation is settled',
    file: cancel,
    find: 'while (successor?.isIncluded && request.runId === undefined) {',
    replace: "while (successor?.isIncluded && request.runId === '') {",
    seed: 30,
  },
  {
    without: 'the result of a termination whose description fails',
    file: terminate,
    find: '.catch(ignoreFailure)',
    replace: '',
    seed: 581,
  },
  {
    without: 'the check of the lease right before the change',
    file: once,
    find: 'if (!coversChange(leased.mayExecuteUntil, this.ledgerTime())) throw leaseTooShort();',
    replace: '',
    seed: 102895,
  },
];

const root = path.resolve(__dirname, '../../..');

/** The simulation of the product as it would be with this change to its source. */
export async function mutated({ without, file, find, replace }: Mutant): Promise<typeof runSchedule> {
  let applied = false;
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, 'schedule.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    plugins: [
      {
        name: 'mutant',
        setup(plugin) {
          plugin.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
            if (loaded !== path.join(root, file)) return undefined;
            const source = await readFile(loaded, 'utf8');
            applied = source.split(find).length === 2;
            return { contents: source.replace(find, () => replace), loader: 'ts' };
          });
        },
      },
    ],
  });
  if (!applied) throw new Error(`${file} does not have "${find}" once: bring the mutant without ${without} up to date`);
  const module: { exports: { runSchedule?: typeof runSchedule } } = { exports: {} };
  const load = runInThisContext(`(module, exports, require) => {${outputFiles[0]!.text}\n}`) as (
    ...args: unknown[]
  ) => void;
  load(module, module.exports, createRequire(__filename));
  return module.exports.runSchedule!;
}

/** @returns the first seed, from `first` on, whose schedule fails; undefined if none of `schedules` does */
export async function findViolation(mutant: Mutant, first: number, schedules: number): Promise<number | undefined> {
  const run = await mutated(mutant);
  for (let seed = first; seed < first + schedules; seed += 1) {
    if ((await run(seed)).violations.length > 0) return seed;
  }
  return undefined;
}
