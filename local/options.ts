import { parseArgs } from 'node:util';

export const usage = `npm start              run Rewind on this machine, demonstrate it, and keep running until Ctrl-C
npm start -- --once    demonstrate it and exit: with 0 if every step succeeded
npm start -- --config rewind.json
                       use your own configuration, as under "rewind" in cdk.json; the Temporal server on this
                       machine serves its namespaces
npm start -- --help    print this`;

/** The options of `npm start`. */
export interface Options {
  once?: boolean;
  /** Path of a configuration. */
  config?: string;
  help?: boolean;
}

/** An invalid command line. The message contains the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} */
export function parseOptions(args: string[]): Options {
  const options = {
    once: { type: 'boolean' },
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
