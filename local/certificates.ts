import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';
import type { TemporalDetails } from './details';

/** As long as a person may leave the local cloud up, and no longer. */
const VALID_FOR_DAYS = 30;

export interface KeyPair {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8, unencrypted. */
  privateKey: string;
}

/** What mutual TLS needs on both sides, all signed by one authority. */
export interface Certificates {
  /** PEM of the authority's certificate: what both sides trust. */
  ca: string;
  server: KeyPair;
  client: KeyPair;
  /** Another one for the same client, for whoever wants to see a rotation. */
  nextClient: KeyPair;
}

/**
 * Makes an authority and lets it sign a server's and a client's certificate. Like an account on Temporal Cloud, where the
 * authority's certificate is uploaded and each client holds one that it signed. The authority's key is not kept.
 *
 * @param serverName DNS name that the server's certificate is for
 * @param clientValid when the client's certificate is valid, where that is not from now on
 */
export async function makeCertificates(
  serverName: string,
  clientValid: { notBeforeDate?: Date; notAfterDate?: Date } = {},
): Promise<Certificates> {
  const now = Date.now();
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    // A clock that is a little behind must not refuse a certificate of this minute.
    notBeforeDate: new Date(now - 5 * 60_000),
    notAfterDate: new Date(now + VALID_FOR_DAYS * 24 * 3_600_000),
  } as const;

  const authority = await generate([{ name: 'commonName', value: 'Rewind local CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const signedByAuthority = async (
    commonName: string,
    usage: { serverAuth: true } | { clientAuth: true },
    valid: typeof clientValid = {},
  ) => {
    const pair = await generate([{ name: 'commonName', value: commonName }], {
      ...common,
      ...valid,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', ...usage },
        { name: 'subjectAltName', altNames: [{ type: 2, value: commonName }] },
      ],
    });
    return { certificate: pair.cert, privateKey: pair.private };
  };
  return {
    ca: authority.cert,
    server: await signedByAuthority(serverName, { serverAuth: true }),
    client: await signedByAuthority('rewind-local-client', { clientAuth: true }, clientValid),
    nextClient: await signedByAuthority('rewind-local-client', { clientAuth: true }),
  };
}

type ClientFile = 'caCertPath' | 'clientCertPath' | 'clientKeyPath' | 'nextClientCertPath' | 'nextClientKeyPath';

/** Writes what a client needs as PEM files that only this user may read. */
export async function writeClientFiles(
  folder: string,
  { ca, client, nextClient }: Omit<Certificates, 'server'>,
): Promise<Required<Pick<TemporalDetails, ClientFile>>> {
  const write = async (name: string, pem: string) => {
    const file = path.join(folder, name);
    await writeFile(file, pem, { mode: 0o600 });
    return file;
  };
  return {
    caCertPath: await write('ca.pem', ca),
    clientCertPath: await write('client.pem', client.certificate),
    clientKeyPath: await write('client.key', client.privateKey),
    nextClientCertPath: await write('next-client.pem', nextClient.certificate),
    nextClientKeyPath: await write('next-client.key', nextClient.privateKey),
  };
}
