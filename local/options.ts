import { parseArgs } from 'node:util';

export const usage = `npm start              run Rewind on this machine, show what it does, and stay up until Ctrl-C
npm start -- --once    show what it does and exit: with 0 if every step succeeded
npm start -- --config rewind.json
                       with your own configuration: what cdk.json has under "rewind"; the Temporal server on this
                       machine serves its namespaces
npm start -- --help    print this`;

/** The options of `npm start`. */
export interface Options {
  once?: boolean;
  /** Path of a configuration. */
  config?: string;
  help?: boolean;
}

/** A wrong command line; the message has the usage too. */
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
