import { buildDynoxide } from './dynoxide';
import { buildServer } from './newer-temporal-server';

/** Builds the servers that some tests need, where they are not in the cache yet. Without Go or Cargo, those tests are skipped. */
async function main(): Promise<void> {
  const progress = (doing: string) => process.stderr.write(`${doing}…\n`);
  if ((await buildServer(progress)) === undefined)
    progress('There is no Go on the PATH: tests of newer servers are skipped');
  if ((await buildDynoxide(progress)) === undefined)
    progress('There is no Cargo on the PATH: tests on Dynoxide are skipped');
}

void main();
