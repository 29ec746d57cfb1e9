import { connect } from 'node:tls';
import type { NamespaceConnection } from './connection';
import { certificateFlaw } from './credentials';
import type { TemporalCredentials } from './credentials';

/** How long a server may take to show whether it wants us, in milliseconds. Somebody is waiting for an answer. */
const PATIENCE_MS = 3_000;

/** What an HTTP/2 client says first (RFC 9113, 3.4), with an empty SETTINGS frame: a server that lets us in answers. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Why a server does not let us in. */
export interface Refusal {
  why: string;
  /** False when the server gave no reason: it ended the connection, as it does too when what is behind it is down. */
  certain: boolean;
}

/**
 * Why a server that let no connection be made does not want us, naming the secret and the server, for the operator.
 * @returns nothing when the server lets us in now, or is not there at all
 */
export async function refusal(
  namespace: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<Refusal | undefined> {
  const refused = await handshakeRefusal(namespace, credentials);
  if (!refused) return undefined;
  const { address, secretArn } = namespace;
  const flaw = certificateFlaw(credentials);
  const why = `${address} and secret ${secretArn} do not agree on TLS: ${refused.why}`;
  return flaw === undefined ? { ...refused, why } : { why: `${why}; ${flaw}`, certain: true };
}

/**
 * Asks the server once more, by a TLS handshake of our own, whether it is our certificate that it does not want. grpc-js
 * says just "Failed to connect" of it: with TLS 1.3 a server refuses a client's certificate only after the client has
 * finished its part.
 *
 * @returns nothing when the server lets us in, or is not there at all
 */
function handshakeRefusal(
  { address, tlsServerName }: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<Refusal | undefined> {
  const separator = address.lastIndexOf(':');
  const host = address.slice(0, separator);
  const serverName = tlsServerName ?? host;
  const mtls = credentials.kind === 'mtls' && {
    cert: credentials.certificate,
    key: credentials.privateKey,
  };
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(address.slice(separator + 1)),
      servername: serverName,
      ALPNProtocols: ['h2'],
      ...mtls,
      ...(credentials.ca !== undefined && { ca: credentials.ca }),
    });
    const end = (refused?: Refusal) => {
      socket.destroy();
      resolve(refused);
    };
    socket.setTimeout(PATIENCE_MS, () => end());
    let shakenHands = false;
    socket.once('secureConnect', () => {
      shakenHands = true;
      socket.write(HTTP2_PREFACE);
    });
    socket.once('data', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const why = reason(error, serverName, credentials);
      // The other errors are of the network: the server is not there.
      end(why === undefined ? undefined : { certain: true, why });
    });
    socket.once('close', () => {
      const why = 'the server ends the connection after the handshake, as one does that refuses the client certificate';
      end(shakenHands ? { certain: false, why } : undefined);
    });
  });
}

/** What a TLS error means to an operator; nothing when it is none of TLS. The codes are Node's and OpenSSL's. */
function reason(
  { code = '', message }: NodeJS.ErrnoException,
  serverName: string,
  credentials: TemporalCredentials,
): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the server's certificate is not for the name "${serverName}"; set the namespace's tlsServerName (${message})`;
  }
  if (code === 'CERT_HAS_EXPIRED') return "the server's certificate has expired";
  if (/^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|SELF_SIGNED_CERT|DEPTH_ZERO|CERT_SIGNATURE)/.test(code)) {
    const authority = credentials.ca
      ? 'none of the authorities in the secret\'s "ca"'
      : 'no public authority, and the secret has no "ca"';
    return `the server's certificate is signed by ${authority} (${message})`;
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) return `the server refuses the client certificate (${message})`;
  return /^ERR_(SSL|TLS)|CERT|SIGNATURE/.test(code) ? message : undefined;
}
