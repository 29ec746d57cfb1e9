import { cancellationSignal } from '@temporalio/activity';
import { whileHeartbeating } from './while-heartbeating';

/**
 * Calls `fetch` inside an activity. A cancellation aborts the request, or the response while it is being read, and the
 * resulting `AbortError` ends the activity as cancelled.
 *
 * @param read reads the body while the activity heartbeats; reading it later would not be aborted
 */
export function fetchUntilCancelled<T>(
  url: string | URL,
  read: (response: Response) => Promise<T>,
  init: Omit<RequestInit, 'signal'> = {},
): Promise<T> {
  const signal = cancellationSignal();
  return whileHeartbeating(async () => read(await fetch(url, { ...init, signal })));
}
