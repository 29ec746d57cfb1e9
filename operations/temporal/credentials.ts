import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationFailure } from '../failures';

/** How Rewind proves to a Temporal namespace who it is. Temporal Cloud takes one or the other. */
export type TemporalCredentials =
  { kind: 'mtls'; certificate: string; privateKey: string; ca?: string } | { kind: 'apiKey'; apiKey: string };

/**
 * Reads a namespace's secret: `{"certificate": PEM, "privateKey": PEM, "ca"?: PEM}` or `{"apiKey": "…"}`.
 *
 * No message repeats any part of the secret: neither JSON.parse's nor OpenSSL's own text is passed on.
 *
 * @param secretName how the operator knows the secret (its ARN); the only thing about it that messages may hold
 * @throws {ConfigurationFailure} naming the secret and the field at fault
 */
export function parseCredentials(secret: string, secretName: string): TemporalCredentials {
  const broken = (what: string) => new ConfigurationFailure(`secret ${secretName} ${what}`);

  let fields: unknown;
  try {
    fields = JSON.parse(secret);
  } catch {
    throw broken('is not JSON; store {"certificate": PEM, "privateKey": PEM, "ca"?: PEM} or {"apiKey": "…"}');
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw broken('is not a JSON object');

  const field = (name: string): string | undefined => {
    const value: unknown = (fields as Record<string, unknown>)[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '')
      throw broken(`has a "${name}" that is not a non-empty string`);
    return value;
  };
  const [certificate, privateKey, ca, apiKey] = [
    field('certificate'),
    field('privateKey'),
    field('ca'),
    field('apiKey'),
  ];

  if (apiKey !== undefined) {
    if (certificate ?? privateKey ?? ca) throw broken('holds both "apiKey" and a certificate; keep one of them');
    return { kind: 'apiKey', apiKey: apiKey.trim() };
  }
  if (certificate === undefined) throw broken('has neither "certificate" nor "apiKey"');
  if (privateKey === undefined) throw broken('has a "certificate" but no "privateKey"');

  const x509 = attempt(() => new X509Certificate(certificate));
  if (!x509) throw broken('has a "certificate" that is no valid PEM certificate');
  const key = attempt(() => createPrivateKey(privateKey));
  if (!key) throw broken('has a "privateKey" that is no valid unencrypted PEM private key');
  if (!x509.checkPrivateKey(key)) throw broken('has a "privateKey" that does not belong to its "certificate"');
  if (ca !== undefined && !attempt(() => new X509Certificate(ca))) {
    throw broken('has a "ca" that is no valid PEM certificate');
  }
  return { kind: 'mtls', certificate, privateKey, ...(ca !== undefined && { ca }) };
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
