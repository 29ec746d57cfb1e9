import { Lost, Problem, post } from './api';
import type { Changed } from './api';

/*
 * A change and its idempotency key. The key is in the page's address and the request in the tab's storage before it is
 * sent, so that the page sends the same request under the same key after a reload: it acts once.
 */

export interface Change {
  namespace: string;
  /** Path of the route, below the namespace. */
  path: string;
  body: object;
  /** What it does, for the page: "Terminate order-42". */
  title: string;
}

/** The parameter of the address that has the key. */
export const CHANGE = 'change';

const storageKey = (key: string) => `change ${key}`;

/** @returns the key */
export function prepareChange(change: Change): string {
  const key = crypto.randomUUID();
  sessionStorage.setItem(storageKey(key), JSON.stringify(change));
  return key;
}

/** The change of a key; undefined in another tab than the one that made it. */
export function preparedChange(key: string): Change | undefined {
  const text = sessionStorage.getItem(storageKey(key));
  return text === null ? undefined : (JSON.parse(text) as Change);
}

export interface Attempt {
  /** How often it was sent. */
  count: number;
  /** Why it is sent again. */
  why: string;
}

/** Longer than the lease of an operation that died. */
const MAX_PAUSE_SECONDS = 60;
const LOST_PAUSE_SECONDS = 2;

/**
 * Sends a change until it is answered: again, under the same key, when no response came or the API asks for it.
 * @throws {Problem} what the API refused
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
