import { openApi } from './api';
import type { Answer, Api, Header } from './api';
import { changeEach } from './changes';
import { consent } from './consent';
import type { RouteName } from './contract';
import { describeTargets, withSimilar } from './describe';
import type { Exit } from './exit-codes';
import { printable } from './quote';
import type { Session } from './session';
import { named } from './workflow-ids';
import type { Target } from './workflow-ids';

export interface SingleChange<Result> {
  route: RouteName;
  target: Target;
  reason: string;
  /** The change as an imperative, without a full stop. */
  action: string;
  /** Arguments of `rewind` that send the same request again. */
  repeat(this: void, target: Target): string[];
  send(this: void, api: Api, header: Header, target: Target): Answer<Result>;
  /** The result as text, a line each. */
  describe(this: void, result: Result): string[];
}

/** Changes one workflow: shows it, asks, sends the change under its key, and prints the result. */
export async function changeOne<Result>(
  session: Session,
  { yes, idempotencyKey }: { yes?: boolean | undefined; idempotencyKey?: string | undefined },
  { route, target: asked, reason, action, repeat, send, describe }: SingleChange<Result>,
): Promise<Exit> {
  const { lines, targets } = await describeTargets(session, yes, route, [asked]);
  await consent(session, yes, { lines, question: `${action}? Reason: ${printable(reason)}` });
  return changeEach(session, targets, async (target) => {
    const api = await openApi(session);
    const change = {
      route,
      subject: named(target),
      repeat: [...repeat(target), '--reason', reason],
      idempotencyKey: idempotencyKey ?? crypto.randomUUID(),
    };
    try {
      const result = await api.change(change, (header) => send(api, header, target));
      return { result, text: describe(result) };
    } catch (error) {
      throw await withSimilar(session, target.workflowId, error);
    }
  });
}
