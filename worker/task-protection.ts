import type { Logger } from '@temporalio/worker';

/** Duration of the protection, in minutes. Renewed after half of it. */
const protectedMinutes = 10;

/**
 * Longest protection without a pause, in minutes. A deployment waits for protected tasks, and CloudFormation waits for the
 * deployment for a few hours only. A long batch operation never pauses, but resumes on another task.
 */
const mostProtectedMinutes = 60;

/** Time without activities after which the protection is removed, in milliseconds. Short activities often come in bursts. */
const idleMs = 30_000;

/** Enables or disables the scale-in protection of this ECS task. */
export type SetProtection = (state: { ProtectionEnabled: boolean; ExpiresInMinutes?: number }) => Promise<void>;

/**
 * Returns a function that sets the task's scale-in protection through the ECS agent. The function throws an error with the
 * agent's response; AccessDenied means that the task role lacks `ecs:UpdateTaskProtection`.
 * @param agentUri `ECS_AGENT_URI`, which ECS sets in every container
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
 * Protects this task while activities run: scale-in stops another task instead, and a deployment waits, at most for
 * {@link mostProtectedMinutes}. `StopTask` ignores the protection.
 */
export class TaskProtection {
  private isProtected = false;
  private renewal: NodeJS.Timeout | undefined;
  private release: NodeJS.Timeout | undefined;

  constructor(
    private readonly setProtection: SetProtection,
    private readonly log: Logger,
  ) {}

  /** Call it whenever the number of running activities changes. */
  readonly onRunningActivities = (count: number): void => {
    if (count > 0) {
      clearTimeout(this.release);
      this.release = undefined;
      if (!this.isProtected) this.protect();
    } else if (this.isProtected) {
      this.release ??= setTimeout(() => this.unprotect(), idleMs);
    }
  };

  /** Stops the renewals. The current protection expires, or ends with the task. */
  stop(): void {
    clearInterval(this.renewal);
    clearTimeout(this.release);
  }

  private protect(): void {
    this.isProtected = true;
    let minutesLeft = mostProtectedMinutes;
    const renew = () => {
      this.set({ ProtectionEnabled: true, ExpiresInMinutes: protectedMinutes });
      minutesLeft -= protectedMinutes / 2;
      // The last request expires when no minutes are left.
      if (minutesLeft < protectedMinutes) clearInterval(this.renewal);
    };
    this.renewal = setInterval(renew, (protectedMinutes * 60_000) / 2);
    renew();
  }

  private unprotect(): void {
    this.stop();
    this.release = undefined;
    this.isProtected = false;
    this.set({ ProtectionEnabled: false });
  }

  private set(state: Parameters<SetProtection>[0]): void {
    this.setProtection(state).catch((error: unknown) => {
      this.log.warn('ECS did not change the scale-in protection', { ...state, error });
    });
  }
}
