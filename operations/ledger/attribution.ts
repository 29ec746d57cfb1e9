/** Who asked for an operation. Taken from what AWS vouches for, never from what the caller writes. */
export interface Actor {
  /** ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
  id: string;
}

/** How an operation is known, and on whose behalf it runs. */
export interface OperationContext {
  operationId: string;
  actor: Actor;
  /** Of the request, in the logs. */
  requestId?: string;
  webUiUrl?: string;
}

/**
 * The reason as it goes into Temporal's history: the caller's words, then the operation and who asked for it.
 * The server keeps neither identity nor request id of a reset (and the request id of no change), so the reason is the
 * only place where history can tell whose deed an event was, and whether a given operation was carried out.
 */
export function tagReason(reason: string, { operationId, actor }: OperationContext): string {
  return `${reason} [rewind ${operationId} by ${actor.id}]`;
}

/** Whether the text of a history event was written by this operation. A mark before the last one is the caller's words. */
export function hasTag(text: string | null | undefined, operationId: string): boolean {
  return text?.startsWith(`[rewind ${operationId} by `, text.lastIndexOf('[rewind ')) ?? false;
}
