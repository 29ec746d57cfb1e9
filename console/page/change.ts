import { Lost, Problem, post } from './api';
import type { Changed } from './api';

/*
 * A change and its idempotency key. Before the page sends a change, it puts the key into its address and the request into the
 * tab's storage. After a reload it sends the same request under the same key, so the change is made once.
 */

export interface Change {
  namespace: string;
  /** Path of the route, below the namespace. */
  path: string;
  body: object;
  /** The change, as shown on the page: "Terminate order-42". */
  title: string;
}

/** The parameter of the address for the key. */
export const CHANGE = 'change';

const storageKey = (key: string) => `change ${key}`;

/**
 * Stores a change under a new idempotency key.
 * @returns the key
 */
export function prepareChange(change: Change): string {
  const key = crypto.randomUUID();
  sessionStorage.setItem(storageKey(key), JSON.stringify(change));
  return key;
}

/** The change with this key; undefined in other tabs than the one that prepared it. */
export function preparedChange(key: string): Change | undefined {
  const text = sessionStorage.getItem(storageKey(key));
  return text === null ? undefined : (JSON.parse(text) as Change);
}

export interface Attempt {
  /** How often the change was sent. */
  count: number;
  /** Why it is sent again. */
  why: string;
}

/** Longer than the lease of an operation whose function stopped. */
const MAX_PAUSE_SECONDS = 60;
const LOST_PAUSE_SECONDS = 2;

/**
 * Sends a change until there is a response. Sends it again under the same key if no response arrives or if the API returns
 * a `Retry-After` of up to a minute.
 * @throws {Problem} if the API refuses the change
 */
export async function sendChange<Data>(
  key: string,
  { namespace, path, body }: Change,
  onRepeat: (attempt: Attempt) => void,
  signal: AbortSignal,
): Promise<Changed<Data>> {
  for (let count = 1; ; count += 1) {
    try {
      return await post<Data>(namespace, path, body, key);
    } catch (error) {
      signal.throwIfAborted();
      const seconds = pauseAfter(error);
      if (seconds === undefined) throw error;
      onRepeat({ count, why: (error as Error).message });
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      signal.throwIfAborted();
    }
  }
}

function pauseAfter(error: unknown): number | undefined {
  if (error instanceof Lost) return LOST_PAUSE_SECONDS;
  if (!(error instanceof Problem) || error.retryAfterSeconds === undefined) return undefined;
  return error.retryAfterSeconds <= MAX_PAUSE_SECONDS ? error.retryAfterSeconds : undefined;
}
