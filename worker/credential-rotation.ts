import type { Logger, NativeConnection } from '@temporalio/worker';
import type { NamespaceConnection, ReadSecret } from '../operations/temporal/connection';
import { certificateExpiry, parseCredentials } from '../operations/temporal/credentials';
import { explain } from './connect';
import type { OpenConnection, OpenConnectionTo } from './connect';

/** A certificate that expires this soon is warned of, in days. */
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
 * Follows the secret, so that rotated credentials are in use before the old ones end.
 *
 * The SDK lets a running worker change its connection: polls that are under way end on the old one, everything after
 * them uses the new one, and running activities notice nothing. Nothing is drained, so nothing can be lost; it works
 * even when the old credentials are refused already, because the SDK retries its polls for as long as it takes.
 *
 * A secret that cannot be read, or does not open the namespace, changes nothing: the worker goes on with what it has.
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

  /** Looks at the secret now. Never rejects; calls while one is under way share it. */
  check(): Promise<void> {
    this.checking ??= this.follow().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  /** Ends the watch, and closes the connection in use. Call it when the worker has ended. */
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
      log.error(`Credentials cannot be renewed, the worker goes on with what it has: ${explain(error)}`);
    }
  }

  private warnOfExpiry(secret: string): void {
    const { namespace, log } = this.options;
    const expiry = certificateExpiry(parseCredentials(secret, namespace.secretArn));
    const days = expiry ? (expiry.getTime() - Date.now()) / 86_400_000 : Infinity;
    if (days > expiryWarningDays) return;
    const when = `the certificate in secret ${namespace.secretArn} expires on ${expiry?.toISOString()}`;
    if (days < 0) log.error(`${when}: it has expired`);
    else log.warn(when);
  }
}
