import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ConsoleProblem } from './responses';

/** Pages of other origins cannot send this header without a preflight request, which is refused. */
const WRITE_HEADER = 'x-rewind-console';

/**
 * Accepts requests only from pages that the console served itself, in the browser that has redeemed its token.
 *
 * Every web page in a browser on this machine can reach the port. The check of `Host` refuses names that
 * resolve to 127.0.0.1 (DNS rebinding), `Origin` and `Sec-Fetch-Site` refuse other pages, and the cookie refuses other users and programs.
 */
export class Guard {
  private token: string | undefined = randomBytes(32).toString('base64url');
  private readonly session = randomBytes(32).toString('base64url');

  constructor(private readonly port: number) {}

  private get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** The token for the fragment of the first address; browsers neither send nor log fragments. */
  get oneTimeToken(): string | undefined {
    return this.token;
  }

  /** Checks every request, including those for files. */
  refusal(headers: IncomingHttpHeaders): ConsoleProblem | undefined {
    if (headers.host !== this.host) return refused('host', `The host must be ${this.host}.`);
    const { origin } = headers;
    if (origin !== undefined && origin !== this.origin) return refused('origin', 'Other pages may not send requests.');
    return undefined;
  }

  /** Additional check of requests for data or changes. */
  dataRefusal(headers: IncomingHttpHeaders): ConsoleProblem | undefined {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return refused('origin', 'Other pages may not send requests.');
    return undefined;
  }

  sessionRefusal(headers: IncomingHttpHeaders): ConsoleProblem | undefined {
    const given = cookies(headers.cookie).get(this.cookieName);
    if (given !== undefined && isSame(given, this.session)) return undefined;
    const detail = 'This browser is not signed in. Open the address that rewind console printed, or run it again.';
    return { status: 401, kind: 'signed-out', detail };
  }

  writeRefusal(headers: IncomingHttpHeaders): ConsoleProblem | undefined {
    if (headers[WRITE_HEADER] !== '1') return refused('header', `A change needs the header ${WRITE_HEADER}: 1.`);
    if (headers['content-type'] !== 'application/json') {
      return { status: 415, kind: 'content-type', detail: 'A change must be application/json.' };
    }
    return undefined;
  }

  /**
   * Redeems the token, which is valid once.
   * @returns the cookie to set; undefined if this is not the token, or if it was redeemed before
   */
  redeem(given: string): string | undefined {
    if (this.token === undefined || !isSame(given, this.token)) return undefined;
    this.token = undefined;
    return `${this.cookieName}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Browsers share cookies between the ports of a host. */
  private get cookieName(): string {
    return `rewind-console-${this.port}`;
  }
}

const refused = (kind: string, detail: string): ConsoleProblem => ({ status: 403, kind: `${kind}-refused`, detail });

function cookies(header = ''): Map<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('=') as [string, string?]);
  return new Map(pairs.map(([name, value = '']) => [name, value]));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));
