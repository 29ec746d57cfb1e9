import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProcess } from '../processes/processes';

/** Neutralizes the user's flags for other builds, and variables that switch off checksums. */
const neutral = { GOFLAGS: '', GOOS: '', GOARCH: '', GONOSUMDB: '', GOPRIVATE: '', GOINSECURE: '', GOSUMDB: '' };

/**
 * Builds a program with Go into a folder. Go checks every module against its checksum database.
 * @param target the package and version, such as `github.com/temporalio/cli/cmd/temporal@v1.5.1`
 */
export async function goInstall(
  go: string,
  target: string,
  folder: string,
  { environment = process.env, signal }: { environment?: NodeJS.ProcessEnv; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const scratch = path.join(folder, 'go-tmp');
  const log = path.join(folder, 'install.log');
  await mkdir(scratch);
  await runProcess(go, ['install', target], {
    logFile: log,
    env: { ...environment, ...neutral, GOBIN: folder, GOTMPDIR: scratch, CGO_ENABLED: '0' },
    cwd: folder,
    signal,
  });
  await Promise.all([scratch, log].map((leftover) => rm(leftover, { recursive: true, force: true })));
}
