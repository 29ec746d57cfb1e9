import { cancellationSignal } from '@temporalio/activity';
import { whileHeartbeating } from './while-heartbeating';

/**
 * `fetch` inside an activity: a cancellation aborts the request, or the body that is still arriving, and the
 * `AbortError` it throws ends the activity as cancelled.
 *
 * @param read reads the body while the activity is still heartbeating; a body read later would not be aborted
 */
export function fetchUntilCancelled<T>(
  url: string | URL,
  read: (response: Response) => Promise<T>,
  init: Omit<RequestInit, 'signal'> = {},
): Promise<T> {
  const signal = cancellationSignal();
  return whileHeartbeating(async () => read(await fetch(url, { ...init, signal })));
}
