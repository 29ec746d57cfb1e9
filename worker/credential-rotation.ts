import type { Logger, NativeConnection } from '@temporalio/worker';
import type { ReadSecret } from '../operations/temporal/connection';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { certificateExpiry, daysUntil, parseCredentials } from '../operations/temporal/credentials';
import { explain } from './connect';
import type { OpenConnection, OpenConnectionTo } from './connect';

/** Days before a certificate expires at which the worker starts to warn. */
const expiryWarningDays = 14;

export interface RotationOptions {
  namespace: NamespaceConnection;
  /** The worker's current connection. */
  opened: OpenConnection;
  readSecret: ReadSecret;
  open: OpenConnectionTo;
  /** Replaces the worker's connection. The old connection is closed afterwards. */
  use: (connection: NativeConnection) => void;
  everyMs: number;
  log: Logger;
}

/**
 * Watches the secret, and replaces the worker's connection when the secret's value changes.
 *
 * The SDK can replace the connection of a running worker: current polls end on the old connection, later polls use the new
 * one, and running activities are not affected. This works even when the server already rejects the old credentials, because
 * the SDK retries polls forever.
 *
 * The worker keeps its connection when the secret cannot be read or the server rejects the new credentials.
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

  /** Checks the secret now. Never rejects. Concurrent calls share a check. */
  check(): Promise<void> {
    this.checking ??= this.replaceIfChanged().finally(() => {
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

  private async replaceIfChanged(): Promise<void> {
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
      log.info('The credentials were rotated; the worker polls with the new ones', { secretArn: namespace.secretArn });
      this.warnOfExpiry(next.secret);
      await previous.connection.close();
    } catch (error) {
      log.error(`The credentials cannot be replaced, so the worker keeps its connection: ${explain(error)}`);
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
