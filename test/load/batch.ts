import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * Batch operations as large as on a bad day, by the tests of the suite: a rollback of `workflows` of each of three kinds,
 * through three deaths of its worker, and a batch operation that is suspended for a while.
 */
export async function largeBatches(workflows: number, suspendedSeconds: number): Promise<boolean> {
  console.log(
    `Rolling back a build that broke 2 × ${workflows} of ${3 * workflows} workflows, and suspending for ${suspendedSeconds} s`,
  );
  const child = spawn(
    'npx',
    ['jest', '--selectProjects', 'integration', '--runInBand', '--verbose', '--', 'rollback.test', 'batch-suspend'],
    {
      cwd: path.resolve(__dirname, '../..'),
      stdio: 'inherit',
      env: {
        ...process.env,
        REWIND_TEST_BROKEN_WORKFLOWS: String(workflows),
        REWIND_TEST_SUSPENDED_SECONDS: String(suspendedSeconds),
      },
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
