import type { Session } from './session';
import type { Exit } from './exit-codes';
import type { RouteName } from './contract';

/*
 * What a command declares about itself. The parser, `--help`, the completion and docs/cli.md are made from it.
 */

export interface Option<Value = unknown> {
  /** As commander takes them: `-r, --run-id <id>`. */
  flags: string;
  description: string;
  /** @throws {CliError} for a value that is not valid */
  parse(this: void, text: string, previous: Value | undefined): Value;
  default?: Value;
  choices?: readonly string[];
  /** Values that the completion offers, where they are known at run time only. */
  complete?: 'contexts';
}

type ValuesOf<Options> = {
  [Name in keyof Options]: Options[Name] extends Option<infer Value> ? Value : never;
};
type AnyOptions = Record<string, Option>;

export interface Argument {
  /** As commander takes it: `[id...]`, `<action>`. */
  name: string;
  description: string;
  choices?: readonly string[];
  complete?: 'contexts';
}

export interface Command<Options = AnyOptions> {
  /** With the names of its groups: `batch start`. */
  name: string;
  summary: string;
  /** More than the summary, for its help and its section in docs/cli.md. */
  description?: string;
  args?: Argument[];
  options?: Options;
  examples: { line: string; does: string }[];
  /** What it calls: decides the role that a caller needs. */
  route?: RouteName;
  /** Whether it calls the API: then it has the options that choose the context and the namespace. */
  offline?: boolean;
  run: (session: Session, options: ValuesOf<Options>, args: string[]) => Promise<Exit | undefined>;
}

/** Checks the types of a command's options against what its `run` takes. */
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
  more: Pick<Option, 'choices' | 'complete'> = {},
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
  more: Pick<Option, 'choices'> = {},
): Option<Value | undefined> => ({ flags, description, parse: (given) => parse(given), ...more });
