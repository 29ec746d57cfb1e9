import { findViolation, mutants } from './mutants';

/** A search is needed only after the simulation has changed: then put the new seed into mutants.ts. */
const SEARCHED = 5_000;

test.each(mutants)(
  'the simulation fails when the product lacks $without',
  async (mutant) => {
    const seed = (await findViolation(mutant, mutant.seed, 1)) ?? (await findViolation(mutant, 1, SEARCHED));
    expect(seed).toBeDefined();
  },
  300_000,
);
