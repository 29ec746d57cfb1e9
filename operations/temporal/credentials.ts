import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationFailure } from '../../api/failures';

/** How Rewind proves to a Temporal namespace who it is. Temporal Cloud takes one or the other. */
export type TemporalCredentials = (
  { kind: 'mtls'; certificate: string; privateKey: string } | { kind: 'apiKey'; apiKey: string }
) & {
  /** PEM of the authorities that sign the server's certificate; the public ones when absent, as for Temporal Cloud. */
  ca?: string;
};

/**
 * Reads a namespace's secret: `{"certificate": PEM, "privateKey": PEM, "ca"?: PEM}` or `{"apiKey": "…", "ca"?: PEM}`.
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
    throw broken(
      'is not JSON; store {"certificate": PEM, "privateKey": PEM, "ca"?: PEM} or {"apiKey": "…", "ca"?: PEM}',
    );
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

  if (ca !== undefined && !attempt(() => certificatesIn(ca))) {
    throw broken('has a "ca" that is no valid PEM certificate, or a bundle with one that is not');
  }
  const authorities = ca === undefined ? {} : { ca };
  if (apiKey !== undefined) {
    if (certificate ?? privateKey) throw broken('holds both "apiKey" and a certificate; keep one of them');
    return { kind: 'apiKey', apiKey: apiKey.trim(), ...authorities };
  }
  if (certificate === undefined) throw broken('has neither "certificate" nor "apiKey"');
  if (privateKey === undefined) throw broken('has a "certificate" but no "privateKey"');

  const [x509, ...others] = attempt(() => certificatesIn(certificate)) ?? [];
  if (!x509) throw broken('has a "certificate" that is no valid PEM certificate');
  const key = attempt(() => createPrivateKey(privateKey));
  if (!key) throw broken('has a "privateKey" that is no valid unencrypted PEM private key');
  if (!x509.checkPrivateKey(key)) {
    if (others.some((other) => other.checkPrivateKey(key))) {
      throw broken(
        'has a bundle as "certificate" whose first one does not belong to the "privateKey"; put the client certificate first',
      );
    }
    throw broken('has a "privateKey" that does not belong to its "certificate"');
  }
  return { kind: 'mtls', certificate, privateKey, ...authorities };
}

/** When the certificate stops being valid; nothing for an API key, which does not tell. */
export function certificateExpiry(credentials: TemporalCredentials): Date | undefined {
  return credentials.kind === 'mtls' ? new Date(new X509Certificate(credentials.certificate).validTo) : undefined;
}

/** What may be the reason that a server refuses this certificate, as far as it shows. Nobody but the server knows. */
export function certificateFlaw(credentials: TemporalCredentials, now = new Date()): string | undefined {
  if (credentials.kind !== 'mtls') return undefined;
  const { validFrom, validTo, ca } = new X509Certificate(credentials.certificate);
  if (new Date(validTo) < now) return `the client certificate expired on ${new Date(validTo).toISOString()}`;
  if (new Date(validFrom) > now) {
    return `the client certificate is not valid before ${new Date(validFrom).toISOString()}`;
  }
  return ca ? "the client certificate is an authority's own; store one that it signed" : undefined;
}

/** All certificates of a PEM bundle. Throws when there is none, or one that is not valid. */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN [A-Z ]*CERTIFICATE-----[^-]*-----END [A-Z ]*CERTIFICATE-----/g) ?? [pem];
  return blocks.map((block) => new X509Certificate(block));
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
