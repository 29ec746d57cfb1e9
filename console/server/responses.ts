import type { ServerResponse } from 'node:http';

/**
 * On every response. No page may show or read this one, and it loads nothing from elsewhere.
 * `style-src` allows no inline style either: the page sets positions through the DOM, which the policy does not govern.
 */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** What the console answers by itself, in the API's form for problems. */
export interface ConsoleProblem {
  status: number;
  kind: string;
  detail: string;
}

export function sendBytes(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': contentType, ...headers });
  response.end(body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  sendBytes(response, status, 'application/json', JSON.stringify(body), headers);
}

export function sendProblem(response: ServerResponse, { status, kind, detail }: ConsoleProblem): void {
  sendJson(response, status, { type: `urn:rewind:console:${kind}`, status, detail });
}
