import { change, loadClient } from '../requests/client';
import type { Change, RequestTo, ResultOf } from '../requests/client';
import { changeEach } from './changes';
import { consent } from '../consent';
import type { Consent } from '../consent';
import type { RouteName } from '../requests/contract';
import { describeTargets, withSimilar } from './describe';
import { CliError } from '../exit-codes';
import type { Exit } from '../exit-codes';
import type { Session } from '../session';
import { flagsOf, named } from './workflow-ids';
import type { Target } from './workflow-ids';

type BodyOf<Route extends RouteName> = RequestTo<Route> extends { body: infer Body } ? Body : never;

export interface WorkflowChanges<Route extends RouteName> {
  route: Route;
  targets: Target[];
  /** The change as an imperative, without a full stop. */
  action: string;
  /** The text to type to confirm, for a change that ends workflows. */
  type?: string;
  /** The words of the command: `activity reset`. */
  command: string;
  /** Options that repeat the command, without those for the workflow and the reason. */
  flags?: string[];
  /** Fields of the request, without those for the workflow and the reason. */
  fields: Omit<BodyOf<Route>, keyof Target | 'reason'>;
  /** Follows the change after it was sent. */
  follow?(this: void, target: Target, send: () => Promise<ResultOf<Route>>): Promise<ResultOf<Route>>;
  /** The result as text, a line each. */
  describe(this: void, result: ResultOf<Route>, target: Target): string[];
  exitOf?(this: void, result: ResultOf<Route>): Exit;
}

/** Changes workflows: shows them, asks, sends each change under its key, and prints its result. */
export async function changeWorkflows<Route extends RouteName>(
  session: Session,
  given: Consent & { idempotencyKey?: string | undefined },
  {
    route,
    targets: asked,
    action,
    type,
    command,
    flags = [],
    fields,
    follow = (_target, send) => send(),
    describe,
    exitOf = () => 'done',
  }: WorkflowChanges<Route>,
): Promise<Exit> {
  requireOneKey(asked, given);
  const { lines, targets } = await describeTargets(session, given.yes, route, asked);
  const reason = await consent(session, given, { lines, action, type });
  return changeEach(session, targets, async (target) => {
    // Loaded first, because `follow` measures how long the request takes.
    await loadClient(session);
    const one = {
      route,
      request: { body: { ...target, reason, ...fields } } as unknown as RequestTo<Route>,
      repeat: [...command.split(' '), ...flagsOf(target), ...flags, '--reason', reason],
      idempotencyKey: given.idempotencyKey,
    };
    const result = await follow(target, () => sendChange(session, target, one));
    return { result, text: describe(result, target), exit: exitOf(result) };
  });
}

/** @throws {CliError} for several workflows under one key */
export function requireOneKey(targets: Target[], { idempotencyKey }: { idempotencyKey?: string | undefined }): void {
  if (idempotencyKey === undefined || targets.length === 1) return;
  throw new CliError('usage', '--idempotency-key needs exactly one workflow: each change has its own key.');
}

/** Sends a change of one workflow. If there is no such workflow, the error lists those with similar ids. */
export async function sendChange<Route extends RouteName>(
  session: Session,
  target: Target,
  one: Omit<Change<Route>, 'subject'>,
): Promise<ResultOf<Route>> {
  try {
    return await change(session, { ...one, subject: named(target) });
  } catch (error) {
    throw await withSimilar(session, target.workflowId, error);
  }
}
