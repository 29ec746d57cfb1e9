/** Who asked for an operation. Taken from what AWS vouches for, never from what the caller writes. */
export interface Actor {
  /** ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
  id: string;
}

/** The operation and its actor, as Temporal's history shows them. */
export interface Tag {
  operationId: string;
  actor: Actor;
}

/**
 * The reason as it goes into Temporal's history: the caller's words, then the operation and its actor.
 * The server keeps neither identity nor request id of a reset (and the request id of no change), so only the reason shows
 * in history which operation an event belongs to and who asked for it.
 */
export function tagReason(reason: string, { operationId, actor }: Tag): string {
  return `${reason} [rewind ${operationId} by ${actor.id}]`;
}

/** Whether this operation wrote the text of a history event. A tag before the last one is part of the caller's words. */
export function hasTag(text: string | null | undefined, operationId: string): boolean {
  return text?.startsWith(`[rewind ${operationId} by `, text.lastIndexOf('[rewind ')) ?? false;
}

/** A reason as a history event has it, without its tag; and what the tag says. Anyone who writes to Temporal can write one. */
export function readTag(text: string): { reason?: string; operationId?: string; actor?: Actor } {
  const start = text.lastIndexOf('[rewind ');
  const [, operationId, id] = /^\[rewind (op-[\da-f]+) by (.+)\]$/s.exec(start < 0 ? '' : text.slice(start)) ?? [];
  if (operationId === undefined || id === undefined) return text === '' ? {} : { reason: text };
  return { reason: text.slice(0, start).trimEnd(), operationId, actor: { id } };
}

/**
 * The name in an actor's id: of the user, or of the session of a role or federated user, which is the person's where people
 * assume a role under their names; of an event, its id. A name that is no id is its own.
 */
export function actorName(id: string): string {
  return id.slice(Math.max(id.lastIndexOf('/'), id.includes('/') ? -1 : id.lastIndexOf(':')) + 1);
}
