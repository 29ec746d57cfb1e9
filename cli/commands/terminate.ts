import type { components } from '../../client/openapi';
import { openApi } from '../api';
import { changeEach } from '../changes';
import { consent } from '../consent';
import { routes } from '../contract';
import { defineCommand } from '../declaration';
import { describeTargets, withSimilar } from '../describe';
import { firstRunId, idempotencyKey, reason, reasonFrom, runId, workflowIds, yes } from '../options';
import { commandLine, printable } from '../quote';
import type { Session } from '../session';
import { statusStyle } from '../styles';
import { flagsOf, named, targetsOf } from '../workflow-ids';
import type { Target } from '../workflow-ids';
import { oneKey } from './cancel';

type TerminateResult = components['schemas']['TerminateResult'];

export const terminate = defineCommand({
  name: 'terminate',
  summary: routes.terminateWorkflow.summary,
  description: 'Ends it at once. Its code does not run again, so it cannot clean up; with "rewind cancel" it can.',
  args: [{ name: '[id...]', description: 'workflows; "-" reads one per line from standard input' }],
  options: { workflowId: workflowIds, runId, firstRunId, reason, yes, idempotencyKey },
  examples: [{ line: 'rewind terminate order-42 --reason "runs amok"', does: 'asks you to type the id' }],
  route: 'terminateWorkflow',
  async run(session, options, args) {
    const targets = await targetsOf(session, args, options);
    if (options.idempotencyKey !== undefined && targets.length > 1) throw oneKey();
    const why = await reasonFrom(session, options.reason);
    const [first] = targets;
    const one = targets.length === 1 && first !== undefined;
    const { lines, targets: confirmed } = await describeTargets(session, options.yes, 'terminateWorkflow', targets);
    await consent(session, options.yes, {
      lines,
      question: `Terminate ${one ? named(first) : `${targets.length} workflows`}, without cleaning up? Reason: ${printable(why)}.`,
      type: one ? named(first) : String(targets.length),
    });
    return changeEach(session, confirmed, async (target) => {
      const result = await send(session, target, why, options.idempotencyKey);
      return { result, text: describeResult(session, target, result) };
    });
  },
});

async function send(session: Session, target: Target, why: string, key: string | undefined): Promise<TerminateResult> {
  const api = await openApi(session);
  const change = {
    route: 'terminateWorkflow' as const,
    subject: named(target),
    repeat: ['terminate', ...flagsOf(target), '--reason', why],
    idempotencyKey: key ?? crypto.randomUUID(),
  };
  const body = { ...target, reason: why };
  try {
    return await api.change(change, (header) =>
      api.client.POST('/namespaces/{namespace}/workflows/terminate', { params: { path: api.path, header }, body }),
    );
  } catch (error) {
    throw await withSimilar(session, target.workflowId, error);
  }
}

function describeResult({ output }: Session, target: Target, result: TerminateResult): string[] {
  const id = named(target);
  const status = output.style(statusStyle(result.status), result.status);
  const successor =
    result.successorRunId === undefined ? [] : [`  Run ${result.successorRunId} continues it and was not terminated.`];
  if (result.outcome === 'alreadyClosed') return [`${id}: nothing to terminate, it is ${status}`, ...successor];
  return [
    `${id}: terminated`,
    ...successor,
    `  By mistake? ${commandLine(['reset', ...flagsOf({ workflowId: target.workflowId }), '--to', 'last', '--dry-run'])}`,
  ];
}
