import { heartbeat } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';

/**
 * Heartbeats at once and then every second while `work` runs: for work that cannot heartbeat itself, such as a request
 * or a child process. It shows that this process is alive, not that the work progresses; work that counts something
 * heartbeats with its count instead (`packOrder`).
 *
 * @param details sent with each heartbeat
 */
export async function whileHeartbeating<T>(work: () => Promise<T>, details?: unknown): Promise<T> {
  heartbeat(details);
  const timer = setInterval(() => heartbeat(details), heartbeatIntervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
