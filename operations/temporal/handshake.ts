import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { NamespaceConnection } from './namespace-connection';
import { certificateProblem } from './credentials';
import type { TemporalCredentials } from './credentials';

/** How long a server may take to accept or refuse, in milliseconds. A caller is waiting. */
const TIMEOUT_MS = 3_000;

/** The start of an HTTP/2 connection (RFC 9113, 3.4) with an empty SETTINGS frame: a server that accepts us responds. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Why a server refuses the connection. */
export interface Refusal {
  why: string;
  /** False when the server gave no reason: it closed the connection, as it also does when its upstream is down. */
  certain: boolean;
}

/**
 * Finds out why a server accepts no connection, for the operator. The text names the secret and the server.
 *
 * Makes a TLS handshake of its own, because grpc-js reports only "Failed to connect": with TLS 1.3 a server refuses a
 * client certificate after the client has finished its part.
 *
 * @returns nothing when the server accepts the connection now, or cannot be reached
 */
export async function findRefusal(
  namespace: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<Refusal | undefined> {
  const refusal = await tryHandshake(namespace, credentials);
  if (!refusal) return undefined;
  const { address, secretArn } = namespace;
  const problem = certificateProblem(credentials);
  const why = `${address} and secret ${secretArn} do not agree on TLS: ${refusal.why}`;
  return problem === undefined ? { ...refusal, why } : { why: `${why}; ${problem}`, certain: true };
}

function tryHandshake(
  { address, tlsServerName }: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<Refusal | undefined> {
  const separator = address.lastIndexOf(':');
  const host = address.slice(0, separator);
  const serverName = tlsServerName ?? host;
  const mtls = credentials.kind === 'mtls' ? { cert: credentials.certificate, key: credentials.privateKey } : {};
  const socket = connect({
    host,
    port: Number(address.slice(separator + 1)),
    servername: serverName,
    ALPNProtocols: ['h2'],
    ca: credentials.ca,
    ...mtls,
  });
  return refusalFrom(socket, (error) => tlsProblem(error, serverName, credentials)).finally(() => socket.destroy());
}

/** @param explain what an error means; undefined for an error of the network */
function refusalFrom(
  socket: TLSSocket,
  explain: (error: NodeJS.ErrnoException) => string | undefined,
): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    let handshakeDone = false;
    socket.setTimeout(TIMEOUT_MS, () => resolve(undefined));
    socket.once('secureConnect', () => {
      handshakeDone = true;
      socket.write(HTTP2_PREFACE);
    });
    socket.once('data', () => resolve(undefined));
    socket.on('error', (error) => {
      const why = explain(error);
      // Without a reason, what the end means: a server that refuses the certificate may also reset the connection.
      if (why !== undefined) resolve({ certain: true, why });
    });
    socket.once('close', () => {
      const why = 'the server ends the connection after the handshake, as one does that refuses the client certificate';
      resolve(handshakeDone ? { certain: false, why } : undefined);
    });
  });
}

/** What a TLS error means to an operator; undefined for other errors. The codes are those of Node.js and OpenSSL. */
function tlsProblem(
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
