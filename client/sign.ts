import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];
/** AWS keys themselves. */
export type AwsKeys = Exclude<Credentials, (...args: never[]) => unknown>;

export interface Signer {
  region: string;
  /** AWS keys, or what provides them: asked for each request, so that keys may be renewed. */
  credentials: Credentials;
  /** As AWS names it in signatures; the API's when left out. */
  service?: string;
}

/** The same request, signed with Signature Version 4. */
export async function signed(request: Request, signer: Signer): Promise<Request> {
  const { method, signal } = request;
  const text = await request.clone().text();
  const body = text === '' ? undefined : text;
  const given = { method, url: new URL(request.url), headers: Object.fromEntries(request.headers), body };
  const { url, headers } = await signedParts(given, signer);
  // `fetch` sends the host itself and allows no other.
  const { host: _host, ...sent } = headers;
  return new Request(url, { method, headers: sent, body, signal });
}

export interface RequestParts {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

/** The URL as it has to be sent, and the headers with the signature. */
export async function signedParts(
  { method, url: given, headers, body }: RequestParts,
  { region, credentials, service = 'execute-api' }: Signer,
): Promise<{ url: URL; headers: Record<string, string> }> {
  const url = new URL(given);
  const query = [...url.searchParams];
  // As Signature Version 4 encodes: a URLSearchParams would send a space as "+".
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
