import { findTemporalCli } from '../../local/temporal-cli';
import { startTemporalServer } from '../../local/temporal-server';
import type { TemporalServer } from '../../local/temporal-server';
import { temporalAddressVariable } from './server-address';

declare global {
  // oxlint-disable-next-line no-var -- Jest hands a global from setup to teardown in no other way.
  var temporalServer: TemporalServer | undefined;
}

/** Jest global setup of the integration tests: one real Temporal server for all of them. */
export default async function startServer(): Promise<void> {
  const progress = (doing: string) => process.stderr.write(`${doing}…\n`);
  globalThis.temporalServer = await startTemporalServer({ cli: await findTemporalCli({ progress }) });
  process.env[temporalAddressVariable] = globalThis.temporalServer.address;
}
