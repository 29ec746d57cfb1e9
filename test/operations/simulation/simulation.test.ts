import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

const SCHEDULES = 10_000;
const PROCESSES = 2;

/** The output of `npm run simulate` for these schedules, in a separate process: twice as fast as in jest. */
async function simulate(program: Uint8Array, seed: number, schedules: number): Promise<string> {
  const options = ['--seed', String(seed), '--schedules', String(schedules)];
  const { stdin, stdout } = spawn(process.execPath, ['-', ...options], {
    cwd: __dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  stdin.end(program);
  return text(stdout);
}

test(`${SCHEDULES} schedules break no promise of docs/faults.md`, async () => {
  // Bundled, because tsx keeps the names of functions, which takes a quarter of the time.
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, 'main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
  });
  const program = outputFiles[0]!.contents;
  const each = SCHEDULES / PROCESSES;
  const printed = Array.from({ length: PROCESSES }, (_, index) => simulate(program, index * each + 1, each));
  for (const output of await Promise.all(printed)) {
    // The output names the seed of each broken promise: npm run simulate -- --seed N repeats it.
    expect(output).toMatch(new RegExp(`^${each} schedules from seed \\d+ in [\\d.]+ s: 0 failed\\n$`));
  }
}, 300_000);
