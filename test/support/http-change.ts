import { randomUUID } from 'node:crypto';
import { routes } from '../../api';
import type { ChangeDependencies } from '../../functions/http/change-handler';
import type { Problem } from '../../api/problem';
import { createHandler as settle } from '../../functions/reconcile-operations/handler';
import type { Ledger, OperationRecord } from '../../operations/ledger/ledger';
import { verbs } from '../../operations/index';
import type { Namespace } from '../../operations/temporal/namespaces';
import type { OperationDependencies } from '../../operations/verb';
import { eventually } from './eventually';
import { apiGatewayEvent } from './api-gateway-event';
import { createRouteHandler } from './route-handler';
import { namespace } from './scripted-workflow';
import type { ScriptedWorkflow } from './scripted-workflow';
import { RecordedLog } from './recorded-log';

const changeRoutes = {
  cancel: routes.cancelWorkflow,
  terminate: routes.terminateWorkflow,
  reset: routes.resetWorkflow,
};
export type Change = keyof typeof changeRoutes;
export const changes = Object.keys(changeRoutes) as Change[];

/** The parts of an HTTP response that these tests read. */
export interface Answer {
  status: number;
  /** The problem's type without `urn:rewind:problem:`. */
  problem?: string;
  retryAfter?: number;
  replayed: boolean;
  body: Partial<Problem> & { outcome?: string; newRunId?: string };
}

export interface Caller {
  namespaces: { find(name: string): Namespace };
  ledger: Ledger;
  /** The clock of the function's machine. */
  now?: () => number;
  pause?: OperationDependencies['pause'];
}

/** A request for a change to a workflow, sent through the handlers of the functions; it can be sent again under its key. */
export class HttpChange {
  readonly key = randomUUID();

  constructor(
    readonly change: Change,
    readonly workflow: ScriptedWorkflow,
  ) {}

  async send(caller: Caller, remainingMs = 29_000): Promise<Answer> {
    const { workflowId } = this.workflow;
    const target = this.change === 'reset' && { target: { at: 'lastWorkflowTask' } };
    const event = apiGatewayEvent('POST', {
      namespace,
      body: { workflowId, reason: 'test', ...target },
      headers: { 'Idempotency-Key': this.key },
    });
    const dependencies: ChangeDependencies = {
      ...caller,
      logger: new RecordedLog(),
      onRecordFailure: () => {},
    };
    const handler = createRouteHandler(changeRoutes[this.change], dependencies);
    const {
      statusCode,
      headers = {},
      body,
    } = await handler(event, {
      getRemainingTimeInMillis: () => remainingMs,
    });
    const parsed = JSON.parse(body) as Answer['body'];
    const retryAfter = headers['retry-after'];
    return {
      status: statusCode,
      ...(parsed.type !== undefined && { problem: parsed.type.split(':').at(-1) }),
      ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
      replayed: headers['idempotent-replayed'] === 'true',
      body: parsed,
    };
  }

  /** How often the change was executed, counted in Temporal. */
  async countExecutions(): Promise<number> {
    const { workflow } = this;
    if (this.change === 'reset') {
      // Visibility is eventually consistent.
      const current = await workflow.currentRunId();
      const known = await eventually(async () => {
        const runIds = await workflow.runIds();
        return runIds.includes(current) && runIds;
      });
      return known.length - 1;
    }
    if (this.change === 'cancel') return (await workflow.cancelRequests()).length;
    return (await workflow.history()).filter((event) => event.workflowExecutionTerminatedEventAttributes).length;
  }

  async record(ledger: Ledger): Promise<OperationRecord | undefined> {
    const { operations } = await ledger.search(namespace, { workflowId: this.workflow.workflowId }, { size: 9 });
    return operations.find((record) => record.verb === this.change);
  }

  /** Runs `reconcile-operations`. @returns errors of the operations that it could not settle */
  static async settle({ now = Date.now, ...caller }: Caller, laterMs = 0): Promise<unknown[]> {
    const unsettled: unknown[] = [];
    const handler = settle({
      ...caller,
      verbs,
      now: () => now() + laterMs,
      served: [],
      certificateExpiry: async () => undefined,
      logger: new RecordedLog(),
      count: () => {},
      onRecordFailure: () => {},
      onReconcileFailure: (_, error) => unsettled.push(error),
    });
    await handler(
      { namespaces: [{ namespace }] },
      { getRemainingTimeInMillis: () => 29_000 + now() + laterMs - Date.now() },
    );
    return unsettled;
  }
}

/** The status and outcome of each change when it succeeds. */
export const successOf = {
  cancel: { status: 200, outcome: 'requested' },
  terminate: { status: 200, outcome: 'terminated' },
  reset: { status: 201, outcome: 'reset' },
} as const satisfies Record<Change, { status: number; outcome: string }>;
