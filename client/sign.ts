import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];
/** AWS credentials, not a provider of them. */
export type AwsKeys = Exclude<Credentials, (...args: never[]) => unknown>;

export interface Signer {
  region: string;
  /** AWS credentials, or a provider of them, which is called for each request. */
  credentials: Credentials;
  /** Service name in the signature. `execute-api` when left out. */
  service?: string;
}

/** The header of API Gateway for the API key of a usage plan, which the API requires if `api.usagePlans` is configured. */
export const API_KEY_HEADER = 'x-api-key';

/**
 * Returns a request signed with AWS Signature Version 4.
 * @param signal in place of the request's own
 */
export async function signed(request: Request, signer: Signer, signal = request.signal): Promise<Request> {
  const { method } = request;
  const text = await request.clone().text();
  const body = text === '' ? undefined : text;
  const given = { method, url: new URL(request.url), headers: Object.fromEntries(request.headers), body };
  const { url, headers } = await signedParts(given, signer);
  // `fetch` sets the Host header itself.
  const { host: _host, ...sent } = headers;
  return new Request(url, { method, headers: sent, body, signal });
}

export interface RequestParts {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Returns the URL to send, and the headers with the signature. */
export async function signedParts(
  { method, url: given, headers, body }: RequestParts,
  { region, credentials, service = 'execute-api' }: Signer,
): Promise<{ url: URL; headers: Record<string, string> }> {
  const url = new URL(given);
  const query = [...url.searchParams];
  // Encoded as Signature Version 4 requires. URLSearchParams would send a space as "+".
  url.search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = await signer.sign({
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    method,
    path: url.pathname,
    query: valuesByName(query),
    headers: { ...headers, host: url.host },
    body,
  });
  return { url, headers: request.headers };
}

function valuesByName(query: [string, string][]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of query) (values[name] ??= []).push(value);
  return values;
}

const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
