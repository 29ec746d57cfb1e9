import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { access, chmod, constants, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { cachedFolder, cacheFolder } from './cache-folder';
import { UserError } from './user-error';
import { runProcess } from './processes';

/** Installed where the machine has no CLI. Its development server is Temporal 1.29. */
const CLI_VERSION = '1.5.1';
const CLI_MODULE = `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`;
/** For the first byte; the download itself may take longer. */
const DOWNLOAD_START_TIMEOUT_MS = 5000;

export interface FindTemporalCliOptions {
  environment?: NodeJS.ProcessEnv;
  /** Called with what takes long. */
  progress?: (doing: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Path of a Temporal CLI that runs: the one that `TEMPORAL_CLI` names, `temporal` on the PATH, the one installed earlier in
 * the cache, or one that is now downloaded or, where Go is there, built.
 *
 * @throws {UserError} saying what was tried
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
      install: (folder) => downloadCli(folder, signal),
    },
    {
      what: `building Temporal CLI ${CLI_VERSION} with Go; the first time this takes minutes`,
      install: (folder) => buildCli(folder, environment, signal),
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

/** The official archive: https://docs.temporal.io/cli#install-via-download */
async function downloadCli(folder: string, signal?: AbortSignal): Promise<void> {
  const platform = { linux: 'linux', darwin: 'darwin' }[process.platform as string];
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (platform === undefined || arch === undefined) {
    throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  }
  const url = `https://temporal.download/cli/archive/v${CLI_VERSION}?platform=${platform}&arch=${arch}`;

  const tooSlow = new AbortController();
  const timer = setTimeout(() => tooSlow.abort(), DOWNLOAD_START_TIMEOUT_MS);
  const response = await fetch(url, { signal: AbortSignal.any([tooSlow.signal, ...(signal ? [signal] : [])]) })
    .catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      throw new Error(`${new URL(url).host} did not answer${cause}`);
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);

  const archive = path.join(folder, 'archive.tar.gz');
  await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  const log = path.join(folder, 'install.log');
  await runProcess('tar', ['-xzf', archive, '-C', folder, 'temporal'], { logFile: log, signal });
  await chmod(path.join(folder, 'temporal'), 0o755);
  await finishInstallation(folder, ['archive.tar.gz', 'install.log']);
}

async function buildCli(folder: string, environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const go = await findOnPath('go', environment);
  if (go === undefined) throw new Error('there is no Go on the PATH');
  const scratch = path.join(folder, 'go-tmp');
  await mkdir(scratch);
  await runProcess(go, ['install', CLI_MODULE], {
    logFile: path.join(folder, 'install.log'),
    // The user's own GOFLAGS and GOOS are for other builds.
    env: { ...environment, GOBIN: folder, GOTMPDIR: scratch, GOFLAGS: '', GOOS: '', GOARCH: '', CGO_ENABLED: '0' },
    cwd: folder,
    signal,
  });
  await finishInstallation(folder, ['go-tmp', 'install.log']);
}

/** Checks the installed program, and removes what is not needed to run it. */
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

/** Like `command -v`: the first executable of that name on the PATH. */
async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
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
