import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { oncePerRun } from './once-per-run';

/** Builds the content of the worker's image with the samples: a folder with `main.js` and `workflows.bundle.js`. */
export const workerImage = (): Promise<string> =>
  oncePerRun('worker-image', (folder) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'worker/build.ts', folder], {
      cwd: path.resolve(__dirname, '../..'),
      env: { ...process.env, WORKFLOWS: 'examples/workflows', ACTIVITIES: 'examples/activities' },
    }),
  );
