import type { Actor } from './ledger/attribution';
import type { EndCall } from './temporal/managed-connection';

/** A system that this process calls. */
export type Callee = 'ledger' | 'secret' | 'temporal';

/** The result of an attempt at an operation, or the reason why there was no attempt. */
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
  /** The recorded state; absent when the attempt recorded none, for instance because another attempt owns the operation. */
  state?: string;
  /** Whether an earlier request's answer was returned. */
  replayed: boolean;
  durationMs: number;
}

/** Reports operations and their calls to logs, metrics and traces. Receives no request bodies, reasons or secrets. */
export interface Telemetry {
  /** Runs `work` in a span for a request, an event or an item of a batch operation. */
  withSpan<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** @param namespace the Temporal namespace, for calls to Temporal */
  startCall(callee: Callee, name: string, namespace?: string): EndCall;
  operationEnded(ended: EndedOperation): void;
}

/** Reports nothing. */
export const noopTelemetry: Telemetry = {
  withSpan: (_name, work) => work(),
  startCall: () => () => {},
  operationEnded: () => {},
};
