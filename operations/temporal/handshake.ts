import { connect } from 'node:tls';
import type { NamespaceConnection } from './connection';
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
 * Asks the server once more, by a TLS handshake of our own, whether it is our certificate that it does not want. grpc-js
 * says just "Failed to connect" of it: with TLS 1.3 a server refuses a client's certificate only after the client has
 * finished its part.
 *
 * @returns nothing when the server lets us in, or is not there at all
 */
export function handshakeRefusal(
  { address, tlsServerName }: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<Refusal | undefined> {
  const separator = address.lastIndexOf(':');
  const host = address.slice(0, separator);
  const mtls = credentials.kind === 'mtls' && {
    cert: credentials.certificate,
    key: credentials.privateKey,
    ...(credentials.ca !== undefined && { ca: credentials.ca }),
  };
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(address.slice(separator + 1)),
      servername: tlsServerName ?? host,
      ALPNProtocols: ['h2'],
      ...mtls,
    });
    const end = (refusal?: Refusal) => {
      socket.destroy();
      resolve(refusal);
    };
    socket.setTimeout(PATIENCE_MS, () => end());
    let shakenHands = false;
    socket.once('secureConnect', () => {
      shakenHands = true;
      socket.write(HTTP2_PREFACE);
    });
    socket.once('data', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // The other errors are of the network: the server is not there.
      end(/^ERR_(SSL|TLS)|CERT|SIGNATURE/.test(error.code ?? '') ? { certain: true, why: error.message } : undefined),
    );
    socket.once('close', () => {
      const why = 'the server ends the connection after the handshake, as one does that refuses the client certificate';
      end(shakenHands ? { certain: false, why } : undefined);
    });
  });
}
