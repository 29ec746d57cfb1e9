import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';
import type { TemporalDetails } from '../details';

/** Longer than a local stack runs. */
const VALID_FOR_DAYS = 30;

export interface KeyPair {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8, unencrypted. */
  privateKey: string;
}

/** Certificates of both sides of mutual TLS, signed by one authority. */
export interface Certificates {
  /** PEM of the authority's certificate, which both sides trust. */
  ca: string;
  server: KeyPair;
  client: KeyPair;
  /** Another pair of the same client, to try a rotation. */
  nextClient: KeyPair;
}

/**
 * Creates an authority, and server and client certificates signed by it, as for a namespace of Temporal Cloud, which gets the
 * authority's certificate. The authority's key is not kept.
 *
 * @param serverName DNS name in the server's certificate
 * @param clientValid validity of the client's certificate; from now on when absent
 */
export async function makeCertificates(
  serverName: string,
  clientValid: { notBeforeDate?: Date; notAfterDate?: Date } = {},
): Promise<Certificates> {
  const now = Date.now();
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    // Tolerates clocks that are slow.
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

/** Writes a client's PEM files, readable by this user only. */
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
