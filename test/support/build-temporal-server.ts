import { buildServer } from './newer-temporal-server';

/** Builds the server that some tests need, where it is not in the cache yet. Without Go, those tests are skipped. */
async function main(): Promise<void> {
  const program = await buildServer((doing) => process.stderr.write(`${doing}…\n`));
  if (program === undefined) process.stderr.write('There is no Go on the PATH: tests of newer servers are skipped.\n');
}

void main();
