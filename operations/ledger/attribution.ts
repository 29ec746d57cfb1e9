import type { Attribution } from '../temporal/namespace-client';

/** Who requested an operation. Taken from what AWS authenticated, never from the request's content. */
export interface Actor {
  /** ARN of the IAM caller, or `event:<source>/<event ID>` for an event. */
  id: string;
}

/** The operation and its actor, which a tag in Temporal's history names. */
export interface Tag {
  operationId: string;
  actor: Actor;
}

/**
 * Appends a tag with the operation and its actor to the caller's reason, for Temporal's history.
 * The server stores no request ID of any change, nor the identity of a reset. Only the reason can link a history event to
 * its operation and actor.
 */
export function tagReason(reason: string, { operationId, actor }: Tag): string {
  return `${reason} [rewind ${operationId} by ${actor.id}]`;
}

/** The reason and the requester of an operation's change, for Temporal's history. */
export const attributionOf = ({ request, ...tag }: Tag & { request: { reason: string } }): Attribution => ({
  reason: tagReason(request.reason, tag),
  identity: tag.actor.id,
  temporalRequestId: tag.operationId,
});

/** Whether the text of a history event has this operation's tag. Only the last tag counts: the caller may write earlier ones. */
export function hasTag(text: string | null | undefined, operationId: string): boolean {
  return text?.startsWith(`[rewind ${operationId} by `, text.lastIndexOf('[rewind ')) ?? false;
}

/** Splits the reason in a history event into the caller's reason and the tag's content. Any Temporal client can forge a tag. */
export function readTag(text: string): { reason?: string; operationId?: string; actor?: Actor } {
  const start = text.lastIndexOf('[rewind ');
  const [, operationId, id] = /^\[rewind (op-[\da-f]+) by (.+)\]$/s.exec(start < 0 ? '' : text.slice(start)) ?? [];
  if (operationId === undefined || id === undefined) return text === '' ? {} : { reason: text };
  return { reason: text.slice(0, start).trimEnd(), operationId, actor: { id } };
}

/**
 * Returns the name in an actor's ID: the IAM user name, the session name of a role or federated user (often the person's
 * name), or the ID of an event. Returns a bare name unchanged.
 */
export function actorName(id: string): string {
  return id.slice(Math.max(id.lastIndexOf('/'), id.includes('/') ? -1 : id.lastIndexOf(':')) + 1);
}
