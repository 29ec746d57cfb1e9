import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const SCHEDULES = 10_000;
const PROCESSES = 2;

/** What `npm run simulate` prints of these schedules. In a process of its own: twice as fast as within jest. */
async function simulate(seed: number, schedules: number): Promise<string> {
  const main = path.join(__dirname, 'main.ts');
  const options = ['--seed', String(seed), '--schedules', String(schedules)];
  const { stdout } = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(stdout);
}

test(`${SCHEDULES} schedules break no promise of docs/faults.md`, async () => {
  const each = SCHEDULES / PROCESSES;
  const printed = Array.from({ length: PROCESSES }, (_, index) => simulate(index * each + 1, each));
  for (const output of await Promise.all(printed)) {
    // A broken promise stands here with the seed that repeats it: npm run simulate -- --seed N
    expect(output).toMatch(new RegExp(`^${each} schedules from seed \\d+ in [\\d.]+ s: 0 failed\\n$`));
  }
}, 300_000);
