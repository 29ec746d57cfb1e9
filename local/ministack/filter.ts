import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Why a request is not passed on to MiniStack. */
interface Refusal {
  status: 400 | 403;
  reason: string;
}

export interface MiniStackFilter {
  /** Base URL of all AWS APIs: `http://127.0.0.1:<port>`. */
  endpointUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts a proxy that is the only way to MiniStack, which listens on a Unix socket in a folder of this user. The proxy passes on
 * signed requests to AWS APIs at this address. MiniStack checks the signature and the IAM permissions. The proxy refuses
 *
 * - requests of web pages, by `Origin` or a `Host` that is another name of this machine (DNS rebinding),
 * - requests that are unsigned, or signed as MiniStack's default root user,
 * - MiniStack's own paths, such as `/_ministack/reset`, which need no credentials.
 *
 * @param forwarded ports of 127.0.0.1 whose connections are forwarded to `port`
 */
export async function startMiniStackFilter(
  port: number,
  socketPath: string,
  forwarded: readonly number[] = [],
): Promise<MiniStackFilter> {
  const hosts = new Set([`localhost:${port}`, ...[port, ...forwarded].map((each) => `127.0.0.1:${each}`)]);
  const filter = createServer((incoming, response) => {
    const refusal = refusalOf(incoming, hosts);
    if (refusal) refuse(incoming, response, refusal);
    else void forward(incoming, response, socketPath).catch(() => response.destroy());
  });
  // Uploads and responses can take long; the clients have their own timeouts.
  filter.requestTimeout = 0;
  filter.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    filter.once('error', reject);
    filter.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpointUrl: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => {
        filter.close(() => resolve());
      });
      filter.closeAllConnections();
      await closed;
    },
  };
}

function refusalOf({ headers, rawHeaders, url = '' }: IncomingMessage, hosts: Set<string>): Refusal | undefined {
  const refused = (reason: string): Refusal => ({ status: 403, reason });
  if (occurrences(rawHeaders, 'host') !== 1 || !hosts.has(headers.host ?? '')) {
    return refused('the Host is not the address of the local stack');
  }
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    return refused('web pages may not call the local stack');
  }
  const path = decodedPath(url);
  if (path === undefined) return { status: 400, reason: 'the path is not valid' };
  if (/^\/+_/.test(path) && !path.startsWith('/_aws/execute-api/')) {
    return refused('the path is not one of an AWS API');
  }
  const { authorization = '' } = headers;
  const [, accessKeyId = ''] = /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//.exec(authorization) ?? [];
  if (accessKeyId === '' || occurrences(rawHeaders, 'authorization') !== 1) {
    return refused('the request is not signed with AWS Signature Version 4 in its Authorization header');
  }
  if (accessKeyId === 'test' || /^\d+$/.test(accessKeyId)) {
    return refused('these are not credentials of the local stack; .rewind/env.sh has them');
  }
  return undefined;
}

/** The path without the query, decoded as MiniStack decodes it; undefined if it is invalid. */
function decodedPath(url: string): string | undefined {
  const [path = ''] = url.split('?');
  if (!path.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const occurrences = (rawHeaders: string[], name: string): number =>
  rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;

function refuse(incoming: IncomingMessage, response: ServerResponse, { status, reason }: Refusal): void {
  incoming.resume();
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ message: `Refused: ${reason}.` }));
}

/* With a new connection for each request, MiniStack takes 1.5 times as long. It closes connections after 75 s without a request. */
const agent = new Agent({ keepAlive: true, timeout: 60_000 });

/** Forwards a request unchanged, because its headers are signed, and returns the response. */
async function forward(incoming: IncomingMessage, response: ServerResponse, socketPath: string): Promise<void> {
  const { method, url, rawHeaders } = incoming;
  // The body is sent in one write: MiniStack responds and closes the connection at the last byte of the body. A later
  // write would fail (EPIPE) and lose the response.
  const body = await buffer(incoming);
  const outgoing = request({ agent, socketPath, method, path: url, headers: rawHeaders, setHost: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
}
