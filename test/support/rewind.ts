import type { ResetPreview, ResetRequest } from '../../api/reset';
import type { UpdateOptionsRequest } from '../../api/update-options';
import { pauseActivity, resetActivity, unpauseActivity } from '../../operations/activities';
import { cancel } from '../../operations/cancel';
import { executeOperation } from '../../operations/execute-operation';
import { verbs } from '../../operations/index';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import type { Ledger, OperationRecord } from '../../operations/ledger/ledger';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import { previewReset, reset } from '../../operations/reset/reset';
import { pause, unpause } from '../../operations/pause';
import { restart } from '../../operations/restart';
import { terminate } from '../../operations/terminate';
import { updateOptions } from '../../operations/update-options';
import type { ChangeRequest, ExecutionResult, OperationDependencies, Plan, Verb } from '../../operations/verb';
import type { ScriptedWorkflow } from './scripted-workflow';

/** The caller in these tests. */
export const ann = { id: 'arn:aws:iam::111122223333:user/ann' };

export type Target = Pick<ScriptedWorkflow, 'client' | 'workflowId'>;
interface How {
  idempotencyKey?: string;
  /** Stored in the new record. */
  runId?: string;
  deadline?: number;
}

/** Executes Rewind's operations on real servers, like the functions. */
export class Rewind {
  /** Operations whose result could not be recorded. */
  readonly unrecorded: OperationRecord[] = [];
  private readonly dependencies: OperationDependencies;

  constructor(
    readonly ledger: Ledger,
    timing: Pick<OperationDependencies, 'now' | 'pause'> = {},
  ) {
    this.dependencies = { ledger, onRecordFailure: (record) => this.unrecorded.push(record), ...timing };
  }

  readonly cancel = this.changeBy(cancel, 'withdrawn');
  readonly terminate = this.changeBy(terminate, 'runs amok');
  readonly pause = this.changeBy(pause, 'bank is down');
  readonly unpause = this.changeBy(unpause, 'bank is up');
  readonly restart = this.changeBy(restart, 'started wrongly');
  readonly resetActivity = this.changeBy(resetActivity, 'service is up again');
  readonly pauseActivity = this.changeBy(pauseActivity, 'service is down');
  readonly unpauseActivity = this.changeBy(unpauseActivity, 'service is up again');
  private readonly changeOptions = this.changeBy(updateOptions, 'corrected version');
  private readonly resetTo = this.changeBy(reset, 'bad deploy');

  reset(target: Target, request: Partial<ResetRequest> & Pick<ResetRequest, 'target'>, how?: How) {
    return this.resetTo(target, request, how);
  }

  updateOptions(target: Target, versioningOverride: UpdateOptionsRequest['versioningOverride'], how?: How) {
    return this.changeOptions(target, { versioningOverride }, how);
  }

  preview(target: Target, request: Partial<ResetRequest> & Pick<ResetRequest, 'target'>): Promise<ResetPreview> {
    return previewReset(target.client, { workflowId: target.workflowId, reason: 'bad deploy', ...request });
  }

  /** The same on a clock at which every lease of now has expired, and nothing that was sent before is executed any more. */
  afterLease(moreMs = 0): Rewind {
    return new Rewind(this.ledger, { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS + moreMs });
  }

  /** The recorded operations on a workflow, newest first. */
  async operationsOn({ client, workflowId }: Target): Promise<OperationRecord[]> {
    return (await this.ledger.search(client.namespace, { workflowId }, { size: 100 })).operations;
  }

  /**
   * Reconciles the operations that are due in this many milliseconds.
   * @returns the errors
   */
  async reconcile({ client }: Pick<Target, 'client'>, inMs: number): Promise<unknown[]> {
    const errors: unknown[] = [];
    await reconcileOperations(
      {
        ledger: this.ledger,
        verbs,
        namespaces: { find: (name) => ({ name, connect: async () => client }) },
        now: () => Date.now() + inMs,
        onRecordFailure: (_, error) => errors.push(error),
        onReconcileFailure: (_, error) => errors.push(error),
      },
      [{ namespace: client.namespace }],
      Date.now() + inMs + 60_000,
    );
    return errors;
  }

  /** A method that executes a verb on a workflow. The request may leave out what a test is not about. */
  private changeBy<Request extends ChangeRequest & { workflowId: string }, Answer extends object, P extends Plan>(
    verb: Verb<Request, Answer, P>,
    reason: string,
  ) {
    return (
      { client, workflowId }: Target,
      request: Partial<Request> = {},
      how: How = {},
    ): Promise<ExecutionResult<Answer>> => {
      const asked = { workflowId, reason, ...request } as unknown as Request;
      return executeOperation(this.dependencies, client, verb, { actor: ann, request: asked, ...how });
    };
  }
}
