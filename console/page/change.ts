import type { RouteName } from '../../cli/requests/contract';
import { Lost, placeOfPage, Problem, send } from './api';
import type { Changed } from './api';

/*
 * A change and its idempotency key. Before the page sends a change, it puts the key into its address and the request into the
 * tab's storage. After a reload it sends the same request under the same key, so the change is made once. A change that was
 * refused is not sent again: the user may return to its address later, with the Back button.
 */

export interface Change {
  namespace: string;
  route: RouteName;
  /** What the route takes: the parameters in its path except the namespace, and its body. */
  request: object;
  /** The change, as shown on the page: "Terminate order-42". */
  title: string;
}

/** The parameter of the address for the key. */
export const CHANGE = 'change';

const storageKey = (key: string) => `change ${key}`;

/** A change in the tab's storage. */
export interface PreparedChange extends Change {
  /** The API and namespace of the page that prepared it. */
  placeId: string;
  /** When the user confirmed it. */
  preparedAt: number;
  /** Whether there was a response: sending it again returns the same. */
  isDone?: boolean;
  /** Why it was refused. */
  refused?: { message: string; status: number; hints: string[] };
}

/**
 * Stores a change under a new idempotency key.
 * @returns the key
 */
export function prepareChange(change: Change): string {
  const key = crypto.randomUUID();
  store(key, { ...change, placeId: placeOfPage(), preparedAt: Date.now() });
  return key;
}

/** The change with this key; undefined in other tabs than the one that prepared it, and for another API or namespace. */
export function preparedChange(key: string): PreparedChange | undefined {
  const text = sessionStorage.getItem(storageKey(key));
  const change = text === null ? undefined : (JSON.parse(text) as PreparedChange);
  return change?.placeId === placeOfPage() ? change : undefined;
}

export const recordRefusal = (key: string, change: PreparedChange, { message, status, hints }: Problem): void =>
  store(key, { ...change, refused: { message, status, hints } });

export const recordResponse = (key: string, change: PreparedChange): void => store(key, { ...change, isDone: true });

const store = (key: string, change: PreparedChange) => sessionStorage.setItem(storageKey(key), JSON.stringify(change));

/** Fields of the responses to changes. Each response has some of them. */
export interface ChangeResult {
  operationId?: string;
  outcome?: string;
  status?: string;
  workflowId?: string;
  newRunId?: string;
  runId?: string;
  /** The run that continues the changed run, and was not changed itself. */
  successorRunId?: string;
  matched?: number;
  redriven?: number;
  /** Of a redrive: whether events are left. */
  more?: boolean;
  skipped?: unknown[];
  until?: string;
  orphanedChildren?: { workflowId: string; failure?: { message: string } }[];
  thenSignal?: { signalName: string; outcome: string; why?: string };
  explanation?: string;
  stuck?: { explanation: string }[];
}

export interface Attempt {
  /** How often the change was sent. */
  count: number;
  /** Why it is sent again. */
  why: string;
}

/** How long the page sends a change by itself. Later, it could surprise a user who has done something else meanwhile. */
const MAX_REPEAT_MS = 3 * 60_000;

/** Whether only the user may send the change again, for example in a tab that the browser has restored. */
export const isOutdated = ({ preparedAt, isDone = false }: PreparedChange): boolean =>
  !isDone && Date.now() - preparedAt > MAX_REPEAT_MS;

/** Longer than the lease of an operation whose function stopped. */
const MAX_PAUSE_SECONDS = 60;
const LOST_PAUSE_SECONDS = 2;

/**
 * Sends a change until there is a response. Sends it again under the same key if no response arrives or if the API returns
 * a `Retry-After` of up to a minute.
 * @throws {Problem} if the API refuses the change
 * @throws {Lost} if there was no response for some minutes
 */
export async function sendChange(
  key: string,
  { namespace, route, request }: Change,
  onRepeat: (attempt: Attempt) => void,
  signal: AbortSignal,
): Promise<Changed<ChangeResult>> {
  let isLost = false;
  const end = Date.now() + MAX_REPEAT_MS;
  for (let count = 1; ; count += 1) {
    try {
      return (await send(namespace, route, request, key)) as Changed<ChangeResult>;
    } catch (error) {
      signal.throwIfAborted();
      const seconds = pauseAfter(error);
      if (error instanceof Problem && isLost && !showsResult(error)) error.isUnknown = true;
      if (seconds === undefined) throw error;
      isLost ||= error instanceof Lost;
      onRepeat({ count, why: (error as Error).message });
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      signal.throwIfAborted();
      // Also after a machine was asleep.
      if (Date.now() > end) throw error;
    }
  }
}

/** Whether the response to a change shows what an earlier attempt did, which got no response. */
const showsResult = ({ status, retryAfterSeconds }: Problem): boolean =>
  ![401, 403, 429].includes(status) && status < 500 && retryAfterSeconds === undefined;

function pauseAfter(error: unknown): number | undefined {
  if (error instanceof Lost) return LOST_PAUSE_SECONDS;
  if (!(error instanceof Problem) || error.retryAfterSeconds === undefined) return undefined;
  return error.retryAfterSeconds <= MAX_PAUSE_SECONDS ? error.retryAfterSeconds : undefined;
}
