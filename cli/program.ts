import { Command as Parser, CommanderError, Option as ParserOption } from 'commander';
import { commands, groups } from './commands';
import type { Command, Option } from './declaration';
import { text, value } from './declaration';
import { CliError, exitCodes } from './exit-codes';
import type { Exit } from './exit-codes';
import { formats } from './output';
import type { Format } from './output';
import { Session } from './session';
import type { Terminal } from './session';

const output = value(
  '-o, --output <format>',
  'text, or the API’s own fields as json or jsonl',
  (given) => given as Format,
  {
    choices: formats,
  },
);

/** Options of every command that calls the API. */
export const sharedOptions = {
  namespace: text('-n, --namespace <name>', 'the namespace; the context’s own when left out'),
  context: text('--context <name>', 'a context of "rewind context ls"; also REWIND_CONTEXT', { complete: 'contexts' }),
  apiUrl: text('--api-url <url>', 'the API itself, instead of a context: the stack’s output ApiUrl'),
  region: text('--region <region>', 'region of --api-url, where its host does not name it'),
  output,
};

/** The options of a command by their names, shared ones included. */
const optionsOf = (command: Command): Record<string, Option> => ({
  ...command.options,
  ...(command.offline ? { output } : sharedOptions),
});

const epilogue = `
Exit codes:
${Object.values(exitCodes)
  .map(({ code, meaning }) => `  ${String(code).padEnd(3)}  ${meaning}`)
  .join('\n')}

Documentation: docs/cli.md. The first day on call: docs/first-day-on-call.md.`;

/** The parser of the command line. `run` is called with the command, its options and arguments. */
export function createParser(
  version: string,
  run: (command: Command, options: Record<string, unknown>, args: string[]) => Promise<void>,
): Parser {
  const program = new Parser('rewind')
    .description('Cancels, resets and repairs Temporal workflows through Rewind’s API.')
    .version(version, '-V, --version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', epilogue)
    .enablePositionalOptions();
  settings(program);
  for (const [name, summary] of Object.entries(groups)) {
    settings(program.command(name).summary(summary).description(summary).helpCommand(false));
  }
  for (const command of commands) add(program, command, run);
  return program;
}

const settings = (parser: Parser): Parser =>
  parser
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .configureOutput({ outputError: () => {} });

function add(program: Parser, command: Command, run: Parameters<typeof createParser>[1]): void {
  const words = command.name.split(' ');
  const parent = program.commands.find((candidate) => words.length > 1 && candidate.name() === words[0]) ?? program;
  const parser = settings(parent.command(words.at(-1) ?? ''))
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

function parserOption({ flags, description, parse, choices, default: fallback }: Option): ParserOption {
  const option = new ParserOption(flags, description);
  if (fallback !== undefined) option.default(fallback);
  if (!option.isBoolean()) option.argParser((given: string, previous: unknown) => parse(given, previous as never));
  if (choices) option.choices(choices);
  return option;
}

const examplesOf = ({ examples }: Command): string =>
  examples.length === 0
    ? ''
    : `\nExamples:\n${examples.map(({ line, does }) => `  ${line}\n      ${does}`).join('\n')}`;

/** Parses a command line and runs its command. */
export async function runCommandLine(
  args: string[],
  terminal: Terminal,
  started: (session: Session) => void,
): Promise<Exit> {
  let exit: Exit = 'done';
  const parser = createParser(version(), async (command, options, given) => {
    const session = new Session(terminal, options);
    started(session);
    exit = (await command.run(session, options, given)) ?? 'done';
  });
  try {
    await parser.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 'done';
    // A group or the program itself without a command prints its help.
    if (error.code === 'commander.help') return 'usage';
    throw new CliError('usage', error.message.replace(/^error: /, ''), {
      hints: [`See: rewind ${[...args.slice(0, 1), '--help'].join(' ')}`],
    });
  }
  return exit;
}

declare const REWIND_VERSION: string | undefined;
/** The version is put in by the build. */
const version = (): string => (typeof REWIND_VERSION === 'string' ? REWIND_VERSION : 'source');
