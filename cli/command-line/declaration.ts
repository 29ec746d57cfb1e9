import type { Session } from '../session';
import type { Exit } from '../exit-codes';
import type { RouteName } from '../requests/contract';

/*
 * Declarations of commands. The parser, `--help`, the completion and docs/cli.md are derived from them.
 */

export interface Option<Value = unknown> {
  /** In commander's format: `-r, --run-id <id>`. */
  flags: string;
  description: string;
  /** @throws {CliError} if the value is invalid */
  parse(this: void, text: string, previous: Value | undefined): Value;
  default?: Value;
  choices?: readonly string[];
  /** Values that the completion offers but that are known only at run time. */
  complete?: 'contexts';
}

type ValuesOf<Options> = {
  [Name in keyof Options]: Options[Name] extends Option<infer Value> ? Value : never;
};
type AnyOptions = Record<string, Option>;

interface Argument {
  /** In commander's format: `[id...]`, `<action>`. */
  name: string;
  description: string;
  choices?: readonly string[];
  complete?: 'contexts';
}

export interface Command<Options = AnyOptions> {
  /** With the name of its group: `batch start`. */
  name: string;
  summary: string;
  /** Details for its help and its section in docs/cli.md. */
  description?: string;
  args?: Argument[];
  options?: Options;
  examples: { line: string; does: string }[];
  /** The route that it calls, which decides the role that a caller needs. */
  route?: RouteName;
  /** Whether it does not call the API, and so lacks the options for the context and the namespace. */
  offline?: boolean;
  /** Returns the exit, which is `done` when it returns none. */
  run: (session: Session, options: ValuesOf<Options>, args: string[]) => Promise<Exit | void> | void;
}

/** Declares a command. Checks the types of its options against the parameters of its `run`. */
export const defineCommand = <Options extends Record<string, Option>>(command: Command<Options>): Command =>
  command as unknown as Command;

/** An option without a value. */
export const flag = (flags: string, description: string): Option<boolean | undefined> => ({
  flags,
  description,
  parse: () => true,
});

export const text = (
  flags: string,
  description: string,
  more: Pick<Option, 'complete'> = {},
): Option<string | undefined> => ({ flags, description, parse: (given) => given, ...more });

/** An option that may be given several times. */
export const texts = (flags: string, description: string): Option<string[] | undefined> => ({
  flags,
  description,
  parse: (given, previous) => [...(previous ?? []), given],
});

export const value = <Value>(
  flags: string,
  description: string,
  parse: (given: string) => Value,
): Option<Value | undefined> => ({ flags, description, parse: (given) => parse(given) });

/** An option that takes one of these values. */
export const choice = <Choice extends string>(
  flags: string,
  description: string,
  choices: readonly Choice[],
): Option<Choice | undefined> => ({ flags, description, parse: (given) => given as Choice, choices });
