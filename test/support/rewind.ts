import { cancelWorkflow } from '../../operations/cancel';
import type { CancelResult, CancelRequest } from '../../operations/cancel';
import type { Ledger, OperationRecord } from '../../operations/ledger/ledger';
import type { ExecuteOnceDependencies, ExecutionResult } from '../../operations/ledger/execute-once';
import { previewReset, resetWorkflow } from '../../operations/reset/reset';
import type { ResetResult, ResetPreview, ResetRequest } from '../../operations/reset/reset';
import { terminateWorkflow } from '../../operations/terminate';
import type { TerminateResult, TerminateRequest } from '../../operations/terminate';
import { namespace } from './scripted-workflow';
import type { ScriptedWorkflow } from './scripted-workflow';

/** Who asks, in these tests. */
export const ann = { id: 'arn:aws:iam::111122223333:user/ann' };

type Target = Pick<ScriptedWorkflow, 'client' | 'workflowId'>;
interface How {
  idempotencyKey?: string;
  /** Noted with the record. */
  runId?: string;
  waitSeconds?: number;
  until?: number;
}

/** Rewind's operations on the real parts, asked for as the functions ask. */
export class Rewind {
  /** Operations whose end the ledger could not be told. */
  readonly unrecorded: OperationRecord[] = [];
  private readonly dependencies: ExecuteOnceDependencies;

  constructor(
    readonly ledger: Ledger,
    timing: Pick<ExecuteOnceDependencies, 'now' | 'pause'> = {},
  ) {
    this.dependencies = { ledger, onRecordFailure: (record) => this.unrecorded.push(record), ...timing };
  }

  cancel(target: Target, request: Partial<CancelRequest> = {}, how: How = {}): Promise<ExecutionResult<CancelResult>> {
    const operation = asked('cancel', target, { reason: 'withdrawn', ...request }, how);
    return cancelWorkflow(this.dependencies, target.client, operation, how.waitSeconds);
  }

  terminate(
    target: Target,
    request: Partial<TerminateRequest> = {},
    how: How = {},
  ): Promise<ExecutionResult<TerminateResult>> {
    const operation = asked('terminate', target, { reason: 'runs amok', ...request }, how);
    return terminateWorkflow(this.dependencies, target.client, operation);
  }

  reset(
    target: Target,
    request: Partial<ResetRequest> & Pick<ResetRequest, 'target'>,
    how: How = {},
  ): Promise<ExecutionResult<ResetResult>> {
    const operation = asked('reset', target, { reason: 'bad deploy', ...request }, how);
    return resetWorkflow(this.dependencies, target.client, operation, how);
  }

  preview(target: Target, request: Partial<ResetRequest> & Pick<ResetRequest, 'target'>): Promise<ResetPreview> {
    return previewReset(target.client, { workflowId: target.workflowId, reason: 'bad deploy', ...request });
  }
}

function asked<Verb extends OperationRecord['verb'], Request extends { reason: string }>(
  verb: Verb,
  { workflowId }: Target,
  request: Request,
  { idempotencyKey, runId }: How,
) {
  const { reason } = request;
  return {
    namespace,
    workflowId,
    verb,
    actor: ann,
    reason,
    request: { workflowId, ...request },
    idempotencyKey,
    runId,
  };
}
