import { runSchedule } from './schedule';

const SCHEDULES = 10_000;

test(`${SCHEDULES} schedules break no promise of docs/faults.md`, async () => {
  const broken: string[] = [];
  for (let seed = 1; seed <= SCHEDULES && broken.length === 0; seed += 1) {
    const { violations } = await runSchedule(seed);
    broken.push(...violations.map((what) => `${what} (npm run simulate -- --seed ${seed})`));
  }
  expect(broken).toEqual([]);
}, 600_000);
