import type { ServerResponse } from 'node:http';

/**
 * Headers of every response. Other pages may neither embed nor read this page, and it loads nothing from other origins.
 * `style-src` does not allow inline styles: the page sets positions through the DOM, to which the policy does not apply.
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

/** An error response of the console itself, in the format of the API's problems. */
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
