import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { access, chmod, constants, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { cachedFolder, cacheFolder } from '../installed/cache-folder';
import { goInstall } from '../installed/go-install';
import { UserError } from '../user-error';
import { runProcess } from '../processes/processes';

/** Installed if the machine has no CLI. Its development server is Temporal 1.29. */
const CLI_VERSION = '1.5.1';
const ARCHIVE_BASE = `https://github.com/temporalio/cli/releases/download/v${CLI_VERSION}`;
/** SHA-256 of the release's archives. Source: github.com/temporalio/cli/releases/tag/v1.5.1. */
const ARCHIVES: Record<string, string> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

const CLI_MODULE = 'github.com/temporalio/cli';
/** The module's checksum in the Go checksum database, as in a go.sum file. */
const CLI_MODULE_SUM = 'h1:0RZMk14BWxz44Xg6ciDQvpfAMffoG3J7/K03ql80teY=';

/** Timeout for the first byte; the download itself may take longer. */
const DOWNLOAD_START_TIMEOUT_MS = 5000;

export interface FindTemporalCliOptions {
  environment?: NodeJS.ProcessEnv;
  /** Base URL of the release's archives; GitHub's when absent. */
  archiveBase?: string;
  /** Called with a description of each slow step. */
  progress?: (doing: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Finds or installs a Temporal CLI that runs, and returns its path. The first of these: `TEMPORAL_CLI`, `temporal` on the
 * PATH, the cache, a download, or a build with Go.
 *
 * @throws {UserError} if there is none, with what was tried
 */
export async function findTemporalCli(options: FindTemporalCliOptions = {}): Promise<string> {
  const { environment = process.env, progress = () => {}, signal } = options;

  const named = environment['TEMPORAL_CLI'];
  if (named) {
    const problem = await whyNotRunnable(named);
    if (problem !== undefined) throw new UserError(`TEMPORAL_CLI names ${named}, which ${problem}`);
    return named;
  }

  const onPath = await findOnPath('temporal', environment);
  if (onPath !== undefined && (await whyNotRunnable(onPath)) === undefined) return onPath;

  const failures: string[] = [];
  const installers: { what: string; install: (folder: string) => Promise<void> }[] = [
    {
      what: `downloading Temporal CLI ${CLI_VERSION}`,
      install: (folder) => downloadCli(folder, options),
    },
    {
      what: `building Temporal CLI ${CLI_VERSION} with Go; the first time this takes minutes`,
      install: (folder) => buildCli(folder, options),
    },
  ];
  for (const { what, install } of installers) {
    try {
      const folder = await cachedFolder(
        `temporal-cli-${CLI_VERSION}`,
        (draft) => {
          progress(what);
          return install(draft);
        },
        environment,
      );
      return path.join(folder, 'temporal');
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`- ${what.replace(/;.*/, '')}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new UserError(
    `No Temporal CLI was found (TEMPORAL_CLI, \`temporal\` on the PATH, ${cacheFolder(environment)}), nor could one be installed:\n` +
      `${failures.join('\n')}\n` +
      'Install it from https://docs.temporal.io/cli (macOS: brew install temporal) or install Go, and run this again.',
  );
}

/** @throws {Error} if the archive is not that of the release */
async function downloadCli(folder: string, { archiveBase, signal }: FindTemporalCliOptions): Promise<void> {
  const platform = { linux: 'linux', darwin: 'darwin' }[process.platform as string];
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  const checksum = ARCHIVES[`${platform}_${arch}`];
  if (checksum === undefined) throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  const url = `${archiveBase ?? ARCHIVE_BASE}/temporal_cli_${CLI_VERSION}_${platform}_${arch}.tar.gz`;
  const archive = path.join(folder, 'archive.tar.gz');
  await download(url, archive, signal);
  const found = await sha256Of(archive);
  if (found !== checksum) throw new Error(`${url} has the SHA-256 ${found}, not ${checksum}: it is not the release`);

  const log = path.join(folder, 'install.log');
  await runProcess('tar', ['-xzf', archive, '-C', folder, 'temporal'], { logFile: log, signal });
  await chmod(path.join(folder, 'temporal'), 0o755);
  await finishInstallation(folder, ['archive.tar.gz', 'install.log']);
}

async function download(url: string, file: string, signal?: AbortSignal): Promise<void> {
  const tooSlow = new AbortController();
  const timer = setTimeout(() => tooSlow.abort(), DOWNLOAD_START_TIMEOUT_MS);
  const response = await fetch(url, { signal: AbortSignal.any([tooSlow.signal, ...(signal ? [signal] : [])]) })
    .catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      throw new Error(`${new URL(url).host} did not answer${cause}`);
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Builds the CLI with Go, which checks every module against its checksum database. The CLI's own module is also checked against the sum above. */
async function buildCli(folder: string, { environment = process.env, signal }: FindTemporalCliOptions): Promise<void> {
  const go = await findOnPath('go', environment);
  if (go === undefined) throw new Error('there is no Go on the PATH');
  await goInstall(go, `${CLI_MODULE}/cmd/temporal@v${CLI_VERSION}`, folder, { environment, signal });
  const { stdout } = await promisify(execFile)(go, ['version', '-m', path.join(folder, 'temporal')]);
  const [, sum] = new RegExp(`\\smod\\s+${CLI_MODULE}\\s+v${CLI_VERSION}\\s+(\\S+)`).exec(stdout) ?? [];
  if (sum !== CLI_MODULE_SUM) throw new Error(`${CLI_MODULE} has the checksum ${sum}, not ${CLI_MODULE_SUM}`);
  await finishInstallation(folder, []);
}

/** Checks that the installed program runs, and removes files that it does not need. */
async function finishInstallation(folder: string, leftovers: string[]): Promise<void> {
  const problem = await whyNotRunnable(path.join(folder, 'temporal'));
  if (problem !== undefined) throw new Error(`the installed program ${problem}`);
  await Promise.all(leftovers.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

async function whyNotRunnable(cli: string): Promise<string | undefined> {
  if (!existsSync(cli)) return 'does not exist';
  try {
    const { stdout } = await promisify(execFile)(cli, ['--version'], { timeout: 20_000 });
    return /^temporal version/i.test(stdout) ? undefined : 'is not a Temporal CLI';
  } catch (error) {
    return `does not run: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Finds the first executable with this name on the PATH, like `command -v`. */
export async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    const candidate = path.join(folder, name);
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return undefined;
}
