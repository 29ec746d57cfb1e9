import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { NamespaceConnection } from './namespace-connection';
import { certificateProblem } from './credentials';
import type { TemporalCredentials } from './credentials';

/** How long to wait for the server to accept or refuse, in milliseconds. A caller is waiting. */
const TIMEOUT_MS = 3_000;

/** The HTTP/2 connection preface (RFC 9113, 3.4) with an empty SETTINGS frame, to which an accepting server responds. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Why a server refuses the connection. */
export interface Refusal {
  why: string;
  /** False when the server closed the connection without a reason, as a proxy also does when its upstream is down. */
  certain: boolean;
}

/**
 * Determines why a server refuses the connection. The reason is for the operator and names the secret and the server.
 *
 * Makes a separate TLS handshake, because grpc-js reports only "Failed to connect": with TLS 1.3, a server rejects the
 * client certificate after the client has completed its handshake.
 *
 * @returns undefined when the server accepts the connection now, or cannot be reached
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

/** @param explain returns the reason for a TLS error, and undefined for a network error */
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
      // Other errors are handled on `close`, because a server that rejects the certificate may also reset the connection.
      if (why !== undefined) resolve({ certain: true, why });
    });
    socket.once('close', () => {
      const why =
        'the server closes the connection after the handshake, which usually means that it refuses the client certificate';
      resolve(handshakeDone ? { certain: false, why } : undefined);
    });
  });
}

/** Explains a TLS error to an operator. Returns undefined for other errors. The codes are those of Node.js and OpenSSL. */
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
