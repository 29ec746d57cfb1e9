import { chooseContext } from './contexts';
import type { ContextOptions, NamedContext } from './contexts';
import { flagsFor } from './command-line/flags';
import { CliError } from './exit-codes';
import type { Exit } from './exit-codes';
import { Output } from './output/output';
import { commandLine, quoted } from './output/quote';
import type { Format, Terminal } from './output/output';
import { Prompts } from './prompts';

export interface SharedOptions extends ContextOptions {
  namespace?: string | undefined;
  output?: Format | undefined;
}

/** One run of the command: its output, its prompts, and the API that it calls. */
export class Session {
  readonly output: Output;
  readonly prompts: Prompts;
  /** Whether the API has made a change. */
  hasChanged = false;
  /** What Ctrl-C prints, and its exit code. */
  private interruption: { exit: Exit; lines: string[] } | undefined;
  private chosen: NamedContext | undefined;

  constructor(
    readonly terminal: Terminal,
    private readonly options: SharedOptions,
  ) {
    this.output = new Output(terminal, options.output ?? 'text');
    this.prompts = new Prompts(terminal, this.output);
  }

  get context(): NamedContext {
    this.chosen ??= chooseContext(this.options, this.terminal.env);
    return this.chosen;
  }

  /** @throws {CliError} if neither the command nor its context names a namespace */
  get namespace(): string {
    const name = this.options.namespace ?? this.context.namespace;
    if (name !== undefined) return name;
    if (this.options.apiUrl !== undefined)
      throw new CliError('usage', 'A namespace is missing.', { hints: ['Name one: -n NAMESPACE'] });
    const { name: context } = this.context;
    const use = `rewind context use ${quoted(context)} -n NAMESPACE`;
    throw new CliError('usage', `Context ${context} has no default namespace.`, {
      hints: [`Name one: -n NAMESPACE, or for all commands: ${use}`],
    });
  }

  /** Where a change is made, for the user to check. */
  get place(): string {
    const { name, account, region } = this.context;
    return [`namespace ${this.namespace}`, `context ${name}`, ...(account ? [`account ${account}`] : []), region].join(
      ', ',
    );
  }

  /** Options that choose the same API and namespace in any environment. */
  get placeFlags(): string[] {
    const { apiUrl, region } = this.options;
    const context =
      apiUrl === undefined
        ? ['--context', this.context.name]
        : ['--api-url', apiUrl, '--region', region ?? this.context.region];
    return [...context, '-n', this.namespace];
  }

  /**
   * A command line to suggest, for the same shell. It repeats the options that chose the API and the namespace: without them, it
   * would act on a workflow with the same id elsewhere.
   */
  suggestion(words: readonly string[]): string {
    const { context, apiUrl, region, namespace } = this.options;
    return commandLine([
      ...words,
      ...flagsFor({
        '--context': apiUrl === undefined ? context : undefined,
        '--api-url': apiUrl,
        '--region': region,
        '-n': namespace,
      }),
    ]);
  }

  /** Sets the exit code and message of Ctrl-C until the returned function is called. */
  interruptible(exit: Exit, ...lines: string[]): () => void {
    const before = this.interruption;
    // A change that is one of several: those after it are not made, either.
    const isLast = before === undefined || before.lines.length === 0;
    this.interruption = {
      exit: isLast || exit === 'unknown' ? exit : 'partlyFailed',
      lines: [...lines, ...(before?.lines ?? [])],
    };
    return () => {
      this.interruption = before;
    };
  }

  /** The exit code and message of Ctrl-C at this moment. */
  interrupted(): { exit: Exit; lines: string[] } {
    return this.interruption ?? { exit: 'interrupted', lines: [] };
  }
}
