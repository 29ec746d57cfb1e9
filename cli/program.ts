import { Command as Parser, CommanderError, Option as ParserOption } from 'commander';
import { commands, groups } from './commands';
import type { Command, Option } from './command-line/declaration';
import { candidates } from './command-line/completion';
import { CliError, exitCodes } from './exit-codes';
import type { Exit } from './exit-codes';
import { Session } from './session';
import { optionsOf } from './command-line/shared-options';
import { quoted } from './output/quote';
import type { Terminal } from './output/output';

const epilogue = `
Exit codes:
${Object.values(exitCodes)
  .map(({ code, meaning }) => `  ${String(code).padEnd(3)}  ${meaning}`)
  .join('\n')}

Documentation: docs/cli.md. The first day on call: docs/first-day-on-call.md.`;

/**
 * Creates the parser of the command line.
 * @param run called with the command, its options and arguments
 * @param write prints help
 * @param among the accepted commands
 */
export function createParser(
  version: string,
  run: (command: Command, options: Record<string, unknown>, args: string[]) => Promise<void>,
  write: (text: string) => void,
  among: readonly Command[] = commands,
): Parser {
  const program = new Parser('rewind')
    .description('Cancels, resets and repairs Temporal workflows through Rewind’s API.')
    .version(version, '-V, --version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', epilogue)
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: write, outputError: () => {} });
  for (const command of among) add(program, command, run);
  return program;
}

function add(program: Parser, command: Command, run: Parameters<typeof createParser>[1]): void {
  const words = command.name.split(' ');
  const parent = words.length > 1 ? groupOf(program, words[0] ?? '') : program;
  const parser = parent
    .command(words.at(-1) ?? '')
    .summary(command.summary)
    .description([command.summary, command.description].filter(Boolean).join('.\n\n'))
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', examplesOf(command));
  for (const { name, description, choices } of command.args ?? []) {
    const argument = parser.createArgument(name, description);
    parser.addArgument(choices ? argument.choices([...choices]) : argument);
  }
  const options = Object.entries(optionsOf(command)).map(([name, option]) => [name, parserOption(option)] as const);
  for (const [, option] of options) parser.addOption(option);
  parser.action(async () => {
    const given = parser.opts<Record<string, unknown>>();
    const values = options.map(([name, option]) => [name, given[option.attributeName()]]);
    await run(command, Object.fromEntries(values) as Record<string, unknown>, parser.args);
  });
}

/** Finds or creates the parser of a group. It is created with its first command, so that the help keeps the order of commands. */
function groupOf(program: Parser, name: string): Parser {
  const found = program.commands.find((candidate) => candidate.name() === name);
  const summary = groups[name] ?? '';
  return found ?? program.command(name).summary(summary).description(summary).helpCommand(false);
}

function parserOption({ flags, description, parse, choices, default: fallback }: Option): ParserOption {
  const option = new ParserOption(flags, description);
  if (fallback !== undefined) option.default(fallback);
  if (!option.isBoolean()) {
    option.argParser((given: string, previous: unknown) => {
      // Usually an unset shell variable. Without the guard or query that it names, the change would apply to another workflow, or to all.
      if (given === '')
        throw new CliError('usage', `${flags}: the value is empty. Leave the option out, or give a value.`);
      try {
        return parse(given, previous);
      } catch (error) {
        if (!(error instanceof CliError) || error.message.startsWith('--')) throw error;
        throw new CliError(error.exit, `${flags}: ${error.message}`, error.details, { cause: error });
      }
    });
  }
  if (choices) option.choices(choices);
  return option;
}

const examplesOf = ({ examples }: Command): string =>
  examples.length === 0
    ? ''
    : `\nExamples:\n${examples.map(({ line, does }) => `  ${line}\n      ${does}`).join('\n')}`;

/** Subcommand that the shells' completion scripts call. */
const COMPLETE = '__complete';

/** Parses a command line and runs its command. */
export async function runCommandLine(
  args: string[],
  terminal: Terminal,
  started: (session: Session) => void,
): Promise<Exit> {
  if (args[0] === COMPLETE) {
    for (const { value, meaning } of candidates(args.slice(1), terminal.env))
      terminal.stdout.write(`${value}\t${meaning}\n`);
    return 'done';
  }
  let exit: Exit = 'done';
  // Declaring the other commands would take milliseconds. The help of the program shows only their summaries.
  const named = commands.filter(({ name }) => name.split(' ')[0] === args[0]);
  const summaries = commands.map(({ name, summary, args: arguments_, run }) => ({
    name,
    summary,
    args: arguments_,
    run,
    examples: [],
    offline: true,
  }));
  const parser = createParser(
    version(),
    async (command, options, given) => {
      const session = new Session(terminal, options);
      started(session);
      exit = (await command.run(session, options, given)) ?? 'done';
    },
    (text) => terminal.stdout.write(text),
    named.length > 0 ? named : summaries,
  );
  try {
    await parser.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 'done';
    // A group, or the program, prints its help if it is called without a command.
    if (error.code === 'commander.help') return 'usage';
    const [first = ''] = named.length > 0 ? args : [];
    const words = groups[first] === undefined ? [first] : args.slice(0, 2);
    const known = commands.some(({ name }) => name === words.join(' ')) ? words : [first];
    throw new CliError('usage', error.message.replace(/^error: /, ''), {
      hints: [...idHint(args), `See: ${['rewind', ...known, '--help'].filter(Boolean).join(' ')}`],
    });
  }
  return exit;
}

/** For an id that the parser takes for options. */
function idHint(args: string[]): string[] {
  const id = args.find((word) => /^-[^-]./.test(word));
  return id === undefined ? [] : [`An id that begins with "-": --workflow-id=${quoted(id)}`];
}

declare const REWIND_VERSION: string | undefined;
/** The build inserts the version. */
const version = (): string => (typeof REWIND_VERSION === 'string' ? REWIND_VERSION : 'source');
