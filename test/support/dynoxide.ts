import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { cachedFolder, cacheFolder } from '../../local/installed/cache-folder';
import { freePort, withFreshPorts } from '../../local/processes/ports';
import { runProcess, startProcess, waitUntilReady } from '../../local/processes/processes';
import { findOnPath } from '../../local/temporal/temporal-cli';
import { describeUnless } from './describe-unless';
import { runFolderVariable } from './once-per-run';

/*
 * Dynoxide is a second implementation of DynamoDB, which its authors compare with AWS's. It enforces limits that MiniStack
 * does not. Cargo builds it into the cache, which takes minutes.
 */

const VERSION = '3.2.0';
const READY_TIMEOUT_MS = 30_000;
const folderName = `dynoxide-${VERSION}`;

/** Path of the program, or undefined before it is built. */
export function builtDynoxide(): string | undefined {
  const program = path.join(cacheFolder(), folderName, 'bin/dynoxide');
  return existsSync(program) ? program : undefined;
}

/** Builds the program unless it is cached. @returns undefined without Cargo */
export async function buildDynoxide(progress: (doing: string) => void): Promise<string | undefined> {
  const built = builtDynoxide();
  if (built !== undefined) return built;
  const cargo = await findOnPath('cargo', process.env);
  if (cargo === undefined) return undefined;
  progress(`building Dynoxide ${VERSION} with Cargo, which takes minutes`);
  await cachedFolder(folderName, async (folder) => {
    const logFile = path.join(folder, 'install.log');
    // Cargo checks every package against the lock file of the release, which has their checksums.
    const features = ['--no-default-features', '--features', 'native-sqlite,http-server,cli'];
    await runProcess(
      cargo,
      ['install', 'dynoxide-rs', '--version', VERSION, '--locked', '--debug', ...features, '--root', folder],
      { logFile, cwd: folder, env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: '0' } },
    );
    await rm(logFile);
  });
  return builtDynoxide();
}

/** Runs the tests on MiniStack and on Dynoxide. */
export function describeOnEachDynamoDb(
  tests: (client: () => DynamoDBClient, implementation: 'MiniStack' | 'Dynoxide') => void,
): void {
  describe('on MiniStack', () => {
    const client = new DynamoDBClient({});
    afterAll(() => client.destroy());
    tests(() => client, 'MiniStack');
  });
  const program = builtDynoxide();
  const obstacle = program === undefined ? 'not built: node --import tsx test/support/build-servers.ts' : undefined;
  describeUnless(obstacle, 'on Dynoxide', () => {
    let dynoxide: Awaited<ReturnType<typeof startDynoxide>> | undefined;
    beforeAll(async () => {
      dynoxide = await startDynoxide(program ?? '');
    });
    afterAll(() => dynoxide?.stop());
    tests(() => {
      if (!dynoxide) throw new Error('Dynoxide runs only during tests');
      return dynoxide.client;
    }, 'Dynoxide');
  });
}

/** Starts Dynoxide with in-memory storage. */
async function startDynoxide(program: string): Promise<{ client: DynamoDBClient; stop: () => Promise<void> }> {
  const folder = process.env[runFolderVariable] ?? '';
  return withFreshPorts(async () => {
    const port = await freePort();
    const server = await startProcess(program, ['--port', String(port)], {
      name: 'Dynoxide',
      logFile: path.join(folder, 'dynoxide.log'),
      cwd: folder,
      env: {},
    });
    const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}` });
    const stop = async () => {
      client.destroy();
      await server.stop();
    };
    try {
      await waitUntilReady(server, async () => Boolean(await client.send(new ListTablesCommand({}))), {
        what: 'Dynoxide',
        timeoutMs: READY_TIMEOUT_MS,
      });
    } catch (error) {
      await stop();
      throw error;
    }
    return { client, stop };
  });
}
