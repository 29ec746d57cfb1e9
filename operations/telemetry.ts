import type { Actor } from './ledger/attribution';

/** A system that this process calls. */
export type Callee = 'ledger' | 'secret' | 'temporal';

/** Ends the call. `failure` is the error's code or name; left out for a success and for an expected refusal. */
export type EndCall = (failure?: string) => void;

/** How an attempt at an operation ended, or why there was none. */
export interface EndedOperation {
  operation: {
    operationId: string;
    namespace: string;
    workflowId: string;
    verb: string;
    actor: Actor;
    requestId?: string;
    batchOperationId?: string;
  };
  /** The answer's `outcome`, or the kind of failure. */
  outcome: string;
  /** The state that was recorded; absent when this attempt did not get that far, as when another one owns the operation. */
  state?: string;
  /** The answer is the first one again. */
  replayed: boolean;
  durationMs: number;
}

/** Reports what operations do to logs, metrics and traces. It gets no body, no reason and no secret. */
export interface Telemetry {
  /** A request, an event or an item of a batch operation: calls and operations in `work` belong to it. */
  withSpan<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** @param namespace the Temporal namespace, for calls that go to one */
  startCall(callee: Callee, name: string, namespace?: string): EndCall;
  operationEnded(ended: EndedOperation): void;
}

/** Reports nothing. */
export const noopTelemetry: Telemetry = {
  withSpan: (_name, work) => work(),
  startCall: () => () => {},
  operationEnded: () => {},
};
