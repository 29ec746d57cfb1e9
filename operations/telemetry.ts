import type { OperationRecord, OperationState } from './ledger/ledger';

/** What is called outside of this process. */
export type Callee = 'ledger' | 'secret' | 'temporal';

/** Ends the call that it was returned for. `failure` is its code or name, and left out where it is an answer like another. */
export type EndCall = (failure?: string) => void;

/** How an attempt at an operation ended, or why there was none. */
export interface EndedOperation {
  operation: Pick<
    OperationRecord,
    'operationId' | 'namespace' | 'workflowId' | 'verb' | 'actor' | 'requestId' | 'batchOperationId'
  >;
  /** The answer's `outcome`, or the kind of failure. */
  outcome: string;
  /** What the ledger was told of it; absent when this attempt got nowhere near an end, as when another has it in hand. */
  state?: OperationState | undefined;
  /** The first answer was given again. */
  replayed: boolean;
  durationMs: number;
}

/** Is told what operations do, for logs, metrics and traces. No body, no reason and no secret reaches it. */
export interface Telemetry {
  /** Calls and operations that come up in `work` belong to it: a request, an event, an item of a batch operation. */
  withSpan<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** @param namespace the Temporal namespace, for calls that go to one */
  startCall(callee: Callee, name: string, namespace?: string): EndCall;
  operationEnded(ended: EndedOperation): void;
}

/** Tells nobody. */
export const noopTelemetry: Telemetry = {
  withSpan: (_name, work) => work(),
  startCall: () => () => {},
  operationEnded: () => {},
};
