import type { Logger, NativeConnection } from '@temporalio/worker';
import type { ReadSecret } from '../operations/temporal/connection';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { certificateExpiry, daysUntil, parseCredentials } from '../operations/temporal/credentials';
import { explain } from './connect';
import type { OpenConnection, OpenConnectionTo } from './connect';

/** Days before its end from which a certificate is warned of. */
const expiryWarningDays = 14;

export interface RotationOptions {
  namespace: NamespaceConnection;
  /** What the worker runs on now. */
  opened: OpenConnection;
  readSecret: ReadSecret;
  open: OpenConnectionTo;
  /** Gives the worker a new connection. The old one is closed afterwards. */
  use: (connection: NativeConnection) => void;
  everyMs: number;
  log: Logger;
}

/**
 * Watches the secret, and replaces the worker's connection when its content has changed.
 *
 * The SDK lets a running worker change its connection: polls that are under way end on the old one, later ones use the
 * new one, and running activities are not affected. It works even when the old credentials are refused already, because
 * the SDK retries its polls without end.
 *
 * With a secret that cannot be read, or credentials that are refused, the worker keeps its connection.
 */
export class CredentialRotation {
  private readonly timer: NodeJS.Timeout;
  private checking: Promise<void> | undefined;
  private stopped = false;
  private opened: OpenConnection;

  constructor(private readonly options: RotationOptions) {
    this.opened = options.opened;
    this.warnOfExpiry(this.opened.secret);
    this.timer = setInterval(() => void this.check(), options.everyMs);
  }

  /** Checks the secret now. Never rejects; concurrent calls share one check. */
  check(): Promise<void> {
    this.checking ??= this.follow().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  /** Stops watching, and closes the connection in use. Call it when the worker has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.checking;
    await this.opened.connection.close();
  }

  private async follow(): Promise<void> {
    const { namespace, readSecret, open, use, log } = this.options;
    try {
      const secret = await readSecret(namespace.secretArn);
      if (secret === this.opened.secret) {
        this.warnOfExpiry(secret);
        return;
      }
      const next = await open(namespace);
      if (this.stopped) {
        await next.connection.close();
        return;
      }
      const previous = this.opened;
      use(next.connection);
      this.opened = next;
      log.info('The credentials were rotated: the worker polls with the new ones', { secretArn: namespace.secretArn });
      this.warnOfExpiry(next.secret);
      await previous.connection.close();
    } catch (error) {
      log.error(`Credentials cannot be renewed, the worker keeps its connection: ${explain(error)}`);
    }
  }

  private warnOfExpiry(secret: string): void {
    const { namespace, log } = this.options;
    const expiry = certificateExpiry(parseCredentials(secret, namespace.secretArn));
    const days = expiry ? daysUntil(expiry) : Infinity;
    if (days >= expiryWarningDays) return;
    const when = `the certificate in secret ${namespace.secretArn} expires on ${expiry?.toISOString()}`;
    if (days < 0) log.error(`${when}: it has expired`);
    else log.warn(when);
  }
}
