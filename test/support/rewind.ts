import type { ActivityRequest, ActivityResult, ResetActivityRequest } from '../../api/activities';
import type { CancelRequest, CancelResult } from '../../api/cancel';
import type { ResetPreview, ResetRequest, ResetResult } from '../../api/reset';
import type { PauseRequest, PauseResult, UnpauseRequest, UnpauseResult } from '../../api/pause';
import type { RestartRequest, RestartResult } from '../../api/restart';
import type { TerminateRequest, TerminateResult } from '../../api/terminate';
import type { UpdateOptionsRequest, UpdateOptionsResult } from '../../api/update-options';
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

  cancel(target: Target, request: Partial<CancelRequest> = {}, how: How = {}): Promise<ExecutionResult<CancelResult>> {
    return this.execute(cancel, target, { reason: 'withdrawn', ...request }, how);
  }

  terminate(
    target: Target,
    request: Partial<TerminateRequest> = {},
    how: How = {},
  ): Promise<ExecutionResult<TerminateResult>> {
    return this.execute(terminate, target, { reason: 'runs amok', ...request }, how);
  }

  reset(
    target: Target,
    request: Partial<ResetRequest> & Pick<ResetRequest, 'target'>,
    how: How = {},
  ): Promise<ExecutionResult<ResetResult>> {
    return this.execute(reset, target, { reason: 'bad deploy', ...request }, how);
  }

  pause(target: Target, request: Partial<PauseRequest> = {}, how: How = {}): Promise<ExecutionResult<PauseResult>> {
    return this.execute(pause, target, { reason: 'bank is down', ...request }, how);
  }

  unpause(
    target: Target,
    request: Partial<UnpauseRequest> = {},
    how: How = {},
  ): Promise<ExecutionResult<UnpauseResult>> {
    return this.execute(unpause, target, { reason: 'bank is up', ...request }, how);
  }

  restart(
    target: Target,
    request: Partial<RestartRequest> = {},
    how: How = {},
  ): Promise<ExecutionResult<RestartResult>> {
    return this.execute(restart, target, { reason: 'started wrongly', ...request }, how);
  }

  updateOptions(
    target: Target,
    versioningOverride: UpdateOptionsRequest['versioningOverride'],
    how: How = {},
  ): Promise<ExecutionResult<UpdateOptionsResult>> {
    return this.execute(updateOptions, target, { reason: 'mended version', versioningOverride }, how);
  }

  resetActivity(
    target: Target,
    request: Partial<ResetActivityRequest>,
    how: How = {},
  ): Promise<ExecutionResult<ActivityResult<string>>> {
    return this.execute(resetActivity, target, { reason: 'service is up again', ...request }, how);
  }

  pauseActivity(
    target: Target,
    request: Partial<ActivityRequest>,
    how: How = {},
  ): Promise<ExecutionResult<ActivityResult<string>>> {
    return this.execute(pauseActivity, target, { reason: 'service is down', ...request }, how);
  }

  unpauseActivity(
    target: Target,
    request: Partial<ActivityRequest>,
    how: How = {},
  ): Promise<ExecutionResult<ActivityResult<string>>> {
    return this.execute(unpauseActivity, target, { reason: 'service is up again', ...request }, how);
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

  private execute<Request extends ChangeRequest & { workflowId: string }, Answer extends object, P extends Plan>(
    verb: Verb<Request, Answer, P>,
    { client, workflowId }: Target,
    request: Omit<Request, 'workflowId'>,
    how: How,
  ): Promise<ExecutionResult<Answer>> {
    const asked = { workflowId, ...request } as unknown as Request;
    return executeOperation(this.dependencies, client, verb, { actor: ann, request: asked, ...how });
  }
}
