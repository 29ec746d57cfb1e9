import { runSchedule } from './schedule';

/*
 * Runs schedules of the simulation.
 * `npm run simulate -- [--seed N] [--schedules N]`; with `--seed` and one schedule it prints what happened.
 */
async function main(): Promise<void> {
  const option = (name: string) => {
    const index = process.argv.indexOf(name);
    return index < 0 ? undefined : Number(process.argv[index + 1]);
  };
  const first = option('--seed') ?? 1;
  const schedules = option('--schedules') ?? (option('--seed') === undefined ? 10_000 : 1);
  const startedAt = performance.now();
  let failed = 0;
  for (let seed = first; seed < first + schedules; seed += 1) {
    const { violations, log } = await runSchedule(seed);
    if (schedules === 1) console.log(log.join('\n'));
    if (violations.length === 0) continue;
    failed += 1;
    console.log(`seed ${seed}: ${violations.join('\n  ')}`);
    if (failed >= 20) break;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${schedules} schedules from seed ${first} in ${seconds} s: ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
