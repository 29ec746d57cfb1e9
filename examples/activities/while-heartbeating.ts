import { heartbeat } from '@temporalio/activity';
import { heartbeatIntervalMs } from '../heartbeats';

/**
 * Heartbeats at once and then every second while `work` runs, for work that cannot heartbeat itself, such as a request
 * or a child process. These heartbeats show that the process is alive, not that the work progresses; work with countable
 * progress sends its count instead (`packOrder`).
 *
 * @param details the details of each heartbeat
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
