import { findViolation, mutants } from './mutants';
import { runSchedule } from './schedule';

/*
 * `npm run simulate -- [--seed N] [--schedules N]` runs schedules of the simulation, and prints the log of a single one.
 * `npm run simulate -- --mutants` removes each safeguard from the product, and searches for a schedule that then fails.
 */
function option(name: string): number | undefined {
  const index = process.argv.indexOf(name);
  return index < 0 ? undefined : Number(process.argv[index + 1]);
}

async function simulate(first: number, schedules: number): Promise<number> {
  const startedAt = performance.now();
  let failed = 0;
  for (let seed = first; seed < first + schedules && failed < 20; seed += 1) {
    const { violations, log } = await runSchedule(seed);
    if (schedules === 1) console.log(log.join('\n'));
    if (violations.length === 0) continue;
    failed += 1;
    console.log(`seed ${seed}: ${violations.join('\n  ')}`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${schedules} schedules from seed ${first} in ${seconds} s: ${failed} failed`);
  return failed;
}

async function checkMutants(schedules: number): Promise<number> {
  let undetected = 0;
  for (const mutant of mutants) {
    const seed = await findViolation(mutant, 1, schedules);
    console.log(`${seed === undefined ? 'NOT DETECTED' : `seed ${seed}`}: without ${mutant.without}`);
    if (seed === undefined) undetected += 1;
  }
  return undetected;
}

async function main(): Promise<void> {
  const seed = option('--seed');
  const schedules = option('--schedules');
  const failed = process.argv.includes('--mutants')
    ? await checkMutants(schedules ?? 30_000)
    : await simulate(seed ?? 1, schedules ?? (seed === undefined ? 10_000 : 1));
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
