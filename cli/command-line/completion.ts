import { commands, groups } from '../commands';
import type { Command, Option } from './declaration';
import { LOCAL, localContext, readContexts } from '../contexts';
import { optionsOf } from './shared-options';

type Environment = Record<string, string | undefined>;

/** A possible completion, and its meaning. */
interface Candidate {
  value: string;
  meaning: string;
}

/**
 * Completions of the last word of a command line.
 * @param words the words after `rewind`; the last one is incomplete and may be empty
 */
export function candidates(words: readonly string[], env: Environment): Candidate[] {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commands.find(({ name }) => before.slice(0, name.split(' ').length).join(' ') === name);
  const found = command ? inCommand(command, before, current, env) : commandNames(before);
  return found.filter(({ value }) => value.startsWith(current));
}

function commandNames(before: readonly string[]): Candidate[] {
  const [group] = before;
  if (group === undefined) {
    const single = commands.filter(({ name }) => !name.includes(' '));
    const grouped = Object.entries(groups).map(([value, meaning]) => ({ value, meaning }));
    return [...single.map(({ name, summary }) => ({ value: name, meaning: summary })), ...grouped];
  }
  return commands
    .filter(({ name }) => before.length === 1 && name.startsWith(`${group} `))
    .map(({ name, summary }) => ({ value: name.slice(group.length + 1), meaning: summary }));
}

function inCommand(command: Command, before: readonly string[], current: string, env: Environment): Candidate[] {
  const options = Object.values(optionsOf(command));
  const taking = options.find((option) => takesValue(option) && flagsOf(option).includes(before.at(-1) ?? ''));
  if (taking) return valuesOf(taking, env);
  if (current.startsWith('-')) {
    return options.flatMap((option) =>
      flagsOf(option)
        .filter((flag) => flag.startsWith('--'))
        .map((value) => ({ value, meaning: option.description })),
    );
  }
  const position = before.length - command.name.split(' ').length;
  const { args = [] } = command;
  const argument = args[Math.min(position, args.length - 1)];
  return argument ? valuesOf(argument, env) : [];
}

const takesValue = ({ flags }: Option): boolean => flags.includes('<');
const flagsOf = ({ flags }: Option): string[] => flags.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? [];

function valuesOf(
  { choices = [], complete }: { choices?: readonly string[]; complete?: 'contexts' },
  env: Environment,
): Candidate[] {
  if (complete !== 'contexts') return choices.map((value) => ({ value, meaning: '' }));
  const local = localContext(env);
  const contexts = { ...readContexts(env).contexts, ...(local && { [LOCAL]: local }) };
  return Object.entries(contexts).map(([value, { apiUrl }]) => ({ value, meaning: apiUrl }));
}
