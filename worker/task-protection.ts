import type { Logger } from '@temporalio/worker';

/** How long ECS protects the task without hearing from it again, in minutes; renewed at half of it. */
const protectedMinutes = 10;

/** How long no activity has to run until the protection is given up, in milliseconds: short ones come in bursts. */
const idleMs = 30_000;

/** Asks the ECS agent to protect this task from scale-in, or no longer to. */
export type SetProtection = (state: { ProtectionEnabled: boolean; ExpiresInMinutes?: number }) => Promise<void>;

/**
 * The ECS agent's task scale-in protection.
 * @param agentUri `ECS_AGENT_URI`, which ECS sets in every container
 * @throws Error with the agent's answer; AccessDenied means that the task role lacks `ecs:UpdateTaskProtection`
 */
export const ecsTaskProtection =
  (agentUri: string): SetProtection =>
  async (state) => {
    const response = await fetch(`${agentUri}/task-protection/v1/state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(state),
      signal: AbortSignal.timeout(5_000),
    });
    const answer = await response.text();
    // The agent reports some failures with status 200.
    if (!response.ok || answer.includes('"failure"')) throw new Error(`${response.status} ${answer}`);
  };

/**
 * Keeps scale-in away from this task while activities run: the service then stops another task. Deployments and
 * `StopTask` do not ask, for them there is the drain.
 */
export class TaskProtection {
  private isProtected = false;
  private renewal: NodeJS.Timeout | undefined;
  private release: NodeJS.Timeout | undefined;

  constructor(
    private readonly setProtection: SetProtection,
    private readonly log: Logger,
  ) {}

  /** Called with every change of the number of running activities. */
  readonly onRunningActivities = (count: number): void => {
    if (count > 0) {
      clearTimeout(this.release);
      this.release = undefined;
      if (!this.isProtected) this.protect();
    } else if (this.isProtected) {
      this.release ??= setTimeout(() => this.unprotect(), idleMs);
    }
  };

  /** Ends the renewals. What protection is left runs out, or ends with the task. */
  stop(): void {
    clearInterval(this.renewal);
    clearTimeout(this.release);
  }

  private protect(): void {
    this.isProtected = true;
    const ask = () => this.ask({ ProtectionEnabled: true, ExpiresInMinutes: protectedMinutes });
    ask();
    this.renewal = setInterval(ask, (protectedMinutes * 60_000) / 2);
  }

  private unprotect(): void {
    this.stop();
    this.release = undefined;
    this.isProtected = false;
    this.ask({ ProtectionEnabled: false });
  }

  private ask(state: Parameters<SetProtection>[0]): void {
    this.setProtection(state).catch((error: unknown) => {
      this.log.warn('ECS did not change the protection from scale-in', { ...state, error });
    });
  }
}
