import { createInstanceFolder } from '../../local/processes/instance-folder';
import type { InstanceFolder } from '../../local/processes/instance-folder';
import { findMiniStack, startMiniStack } from '../../local/ministack/ministack';
import type { MiniStack } from '../../local/ministack/ministack';
import { findTemporalCli } from '../../local/temporal/temporal-cli';
import { startTemporalServer } from '../../local/temporal/server';
import { buildServer, startNewerServer } from './newer-temporal-server';
import { runFolderVariable } from './once-per-run';
import { quickDeletion, quickDeletionFlags } from './quick-deletion';
import { onNewerServer, temporalAddressVariable } from './server-address';

type StoppableServer = Awaited<ReturnType<typeof startNewerServer>>;

declare global {
  /** The servers of the integration tests; jest runs its global setup and teardown in one process. */
  var rewindIntegrationServers: { temporal: StoppableServer; ministack: MiniStack; folder: InstanceFolder } | undefined;
}

/** The development server, or with `REWIND_TEST_SERVER=newer` the newer one. */
async function startServer(progress: (doing: string) => void): Promise<StoppableServer> {
  if (!onNewerServer) {
    return startTemporalServer({ cli: await findTemporalCli({ progress }), dynamicConfig: quickDeletionFlags });
  }
  const program = await buildServer(progress);
  if (program === undefined)
    throw new Error('REWIND_TEST_SERVER=newer needs Go on the PATH, to build the server with.');
  return startNewerServer(program, quickDeletion);
}

/** Jest global setup of the integration tests: one real Temporal server and one DynamoDB for all of them. */
export default async function startRealParts(): Promise<void> {
  const progress = (doing: string) => process.stderr.write(`${doing}…\n`);
  const python = await findMiniStack({ progress });
  const folder = await createInstanceFolder();
  const [temporal, ministack] = await Promise.all([
    startServer(progress),
    startMiniStack({ python, folder: folder.path }),
  ]);
  globalThis.rewindIntegrationServers = { temporal, ministack, folder };
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  process.env[runFolderVariable] = folder.path;
  process.env[temporalAddressVariable] = temporal.address;
  process.env['AWS_ENDPOINT_URL'] = ministack.endpointUrl;
  process.env['AWS_REGION'] = ministack.region;
  process.env['AWS_ACCESS_KEY_ID'] = ministack.rootKeys.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = ministack.rootKeys.secretAccessKey;
}
