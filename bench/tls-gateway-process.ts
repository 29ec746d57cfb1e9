import { startTlsGateway } from '../local/temporal/tls-gateway';
import type { TlsGatewayOptions } from '../local/temporal/tls-gateway';

/*
 * A TLS gateway in a process of its own, so that its CPU time is not counted as the caller's. Receives its options, sends
 * its port, and ends with its parent.
 */

process.once('disconnect', () => process.exit());
process.once('message', (options: TlsGatewayOptions) => {
  void startTlsGateway(options).then(({ port }) => process.send?.(port));
});
