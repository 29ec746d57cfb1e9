import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConfigurationFailure } from '../../api/failures';

/** Credentials for a Temporal namespace: a client certificate or an API key. Certificates and keys are PEM. */
export type TemporalCredentials = (
  { kind: 'mtls'; certificate: string; privateKey: string } | { kind: 'apiKey'; apiKey: string }
) & {
  /** CA certificates that sign the server's certificate. Default: public CAs, as for Temporal Cloud. */
  ca?: string;
};

type Fields = Partial<Record<'certificate' | 'privateKey' | 'ca' | 'apiKey', string>>;

/** An invalid secret. The message does not name the secret. */
class InvalidSecret extends Error {}

/**
 * Parses a namespace's secret: `{"certificate": PEM, "privateKey": PEM, "ca"?: PEM}` or `{"apiKey": "…", "ca"?: PEM}`.
 *
 * The returned PEM is generated from the parsed blocks, so that what is used is what was validated. Error messages contain
 * no part of the secret, so those of JSON.parse and OpenSSL are not passed on.
 *
 * @param secretName the secret's ARN, for messages
 * @throws {ConfigurationFailure} names the secret and the invalid field
 */
export function parseCredentials(secret: string, secretName: string): TemporalCredentials {
  try {
    return credentialsOf(parseFields(secret));
  } catch (error) {
    if (error instanceof InvalidSecret) throw new ConfigurationFailure(`secret ${secretName} ${error.message}`);
    throw error;
  }
}

function parseFields(secret: string): Fields {
  // Removes the byte order mark with which some editors begin a file.
  const json: unknown = tryParse(() => JSON.parse(secret.trim()) as unknown);
  if (json === undefined) {
    throw new InvalidSecret(
      'is not JSON; store {"certificate": PEM, "privateKey": PEM, "ca"?: PEM} or {"apiKey": "…", "ca"?: PEM}',
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new InvalidSecret('is not a JSON object');
  const { certificate, privateKey, ca, apiKey } = json as Record<string, unknown>;
  const fields = { certificate, privateKey, ca, apiKey };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && (typeof value !== 'string' || value.trim() === '')) {
      throw new InvalidSecret(`has a "${name}" that is not a non-empty string`);
    }
  }
  return fields as Fields;
}

function credentialsOf({ certificate, privateKey, ca: caText, apiKey }: Fields): TemporalCredentials {
  const ca = caText === undefined ? undefined : tryParse(() => certificatesIn(caText).join(''));
  if (caText !== undefined && ca === undefined) {
    throw new InvalidSecret('has a "ca" that is no valid PEM certificate, or a bundle with one that is not');
  }
  if (apiKey !== undefined) {
    if (certificate ?? privateKey) throw new InvalidSecret('holds both "apiKey" and a certificate; keep one of them');
    return { kind: 'apiKey', apiKey: validApiKey(apiKey.trim()), ca };
  }
  if (certificate === undefined) throw new InvalidSecret('has neither "certificate" nor "apiKey"');
  if (privateKey === undefined) throw new InvalidSecret('has a "certificate" but no "privateKey"');

  const chain = tryParse(() => certificatesIn(certificate));
  if (!chain) throw new InvalidSecret('has a "certificate" that is no valid PEM certificate');
  const key = tryParse(() => privateKeyIn(privateKey));
  if (!key) throw new InvalidSecret('has a "privateKey" that is no valid unencrypted PEM private key');
  checkBelongTogether(chain, key);
  return { kind: 'mtls', certificate: chain.join(''), privateKey: pemOf(key), ca };
}

/** gRPC throws an error that contains the whole key if it cannot be in a header. */
function validApiKey(apiKey: string): string {
  if (/^[\u0021-\u007E]+$/.test(apiKey)) return apiKey;
  throw new InvalidSecret('has an "apiKey" with a space, a line break or a character that is not ASCII');
}

function checkBelongTogether([first, ...others]: X509Certificate[], key: KeyObject): void {
  if (first?.checkPrivateKey(key)) return;
  throw new InvalidSecret(
    others.some((other) => other.checkPrivateKey(key))
      ? 'has a bundle as "certificate" whose first one does not belong to the "privateKey"; put the client certificate first'
      : 'has a "privateKey" that does not belong to its "certificate"',
  );
}

/** Returns when the certificate expires; undefined for an API key, which does not show its expiry. */
export function certificateExpiry(credentials: TemporalCredentials): Date | undefined {
  return credentials.kind === 'mtls' ? new Date(new X509Certificate(credentials.certificate).validTo) : undefined;
}

/** Days before a certificate expires at which Rewind warns and raises an alarm. */
export const DAYS_TO_RENEW = 30;

/** Returns the full days until a time; negative after it. */
export function daysUntil(expiry: Date, now = Date.now()): number {
  return Math.floor((expiry.getTime() - now) / 86_400_000);
}

/** Returns a likely reason for a server to reject the certificate, if the certificate itself shows one. */
export function certificateProblem(credentials: TemporalCredentials): string | undefined {
  if (credentials.kind !== 'mtls') return undefined;
  const { validFrom, validTo, ca } = new X509Certificate(credentials.certificate);
  const now = new Date();
  if (new Date(validTo) < now) return `the client certificate expired on ${new Date(validTo).toISOString()}`;
  if (new Date(validFrom) > now) {
    return `the client certificate is not valid before ${new Date(validFrom).toISOString()}`;
  }
  return ca ? "the client certificate is an authority's own; store one that it signed" : undefined;
}

/** Parses all certificates of a PEM bundle. Throws when there is none, or one is invalid. */
function certificatesIn(pem: string): X509Certificate[] {
  return pemBlocks(pem).map((block) => new X509Certificate(block));
}

/** Parses the private key of a PEM text, in which EC parameters may precede the key. */
function privateKeyIn(pem: string): KeyObject {
  return createPrivateKey(pemBlocks(pem).find((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block)) ?? pem);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * Splits a PEM text into blocks and restores their line breaks, which are often lost or replaced by spaces when a secret is
 * pasted. Throws when there is no block, or a block has no end.
 */
function pemBlocks(pem: string): string[] {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z ]+)-----([\w\s+/=]*)-----END \1-----/g)];
  const markers = pem.match(/-----BEGIN /g) ?? [];
  if (blocks.length === 0 || blocks.length !== markers.length) throw new Error('no PEM');
  return blocks.map(([, label = '', body = '']) => {
    const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
  });
}

function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
