import { openApi } from '../requests/client';
import type { Answer, Api, Change, Header } from '../requests/client';
import { changeEach } from './changes';
import { consent } from '../consent';
import type { Consent } from '../consent';
import type { RouteName } from '../requests/contract';
import { describeTargets, withSimilar } from './describe';
import type { Exit } from '../exit-codes';
import type { Session } from '../session';
import { named } from './workflow-ids';
import type { Target } from './workflow-ids';

export interface WorkflowChanges<Result> {
  route: RouteName;
  targets: Target[];
  /** The change as an imperative, without a full stop. */
  action: string;
  /** The text to type to confirm, for a change that ends workflows. */
  type?: string;
  /** Arguments of `rewind` that send the same request again, without the reason. */
  repeat(this: void, target: Target): string[];
  send(this: void, api: Api, header: Header, change: Target & { reason: string }): Answer<Result>;
  /** Follows the change after it was sent. */
  follow?(this: void, target: Target, send: () => Promise<Result>): Promise<Result>;
  /** The result as text, a line each. */
  describe(this: void, result: Result, target: Target): string[];
  exitOf?(this: void, result: Result): Exit;
}

/** Changes workflows: shows them, asks, sends each change under its key, and prints its result. */
export async function changeWorkflows<Result>(
  session: Session,
  given: Consent & { idempotencyKey?: string | undefined },
  {
    route,
    targets: asked,
    action,
    type,
    repeat,
    send,
    follow = (_target, act) => act(),
    describe,
    exitOf = () => 'done',
  }: WorkflowChanges<Result>,
): Promise<Exit> {
  const { lines, targets } = await describeTargets(session, given.yes, route, asked);
  const reason = await consent(session, given, { lines, action, type });
  return changeEach(session, targets, async (target) => {
    // Loaded first, because `follow` measures how long the request takes.
    await openApi(session);
    const change = { route, repeat: [...repeat(target), '--reason', reason], idempotencyKey: given.idempotencyKey };
    const result = await follow(target, () =>
      sendChange(session, target, change, (api, header) => send(api, header, { ...target, reason })),
    );
    return { result, text: describe(result, target), exit: exitOf(result) };
  });
}

/** Sends a change of one workflow. If there is no such workflow, the error lists those with similar ids. */
export async function sendChange<Result>(
  session: Session,
  target: Target,
  change: Omit<Change, 'subject'>,
  send: (api: Api, header: Header) => Answer<Result>,
): Promise<Result> {
  const api = await openApi(session);
  try {
    return await api.change({ ...change, subject: named(target) }, (header) => send(api, header));
  } catch (error) {
    throw await withSimilar(session, target.workflowId, error);
  }
}
