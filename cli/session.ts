import { chooseContext } from './contexts';
import type { ContextOptions, NamedContext } from './contexts';
import { CliError } from './exit-codes';
import type { Exit } from './exit-codes';
import { Output } from './output';
import type { Format, Terminal } from './output';
import { Prompts } from './prompts';

export interface SharedOptions extends ContextOptions {
  namespace?: string | undefined;
  output?: Format | undefined;
}

/** One use of the command: where its data goes, what it asks, and which API it calls. */
export class Session {
  readonly output: Output;
  readonly prompts: Prompts;
  /** What Ctrl-C prints, and the exit code then. */
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

  /** @throws {CliError} when neither the command nor its context names one */
  get namespace(): string {
    const name = this.options.namespace ?? this.context.namespace;
    if (name !== undefined) return name;
    const { name: context } = this.context;
    throw new CliError('usage', `Context ${context} has no namespace of its own.`, {
      hints: [`Name one: -n NAMESPACE, or for all commands: rewind context use ${context} -n NAMESPACE`],
    });
  }

  /** Where a change is made, for a person to check. */
  get place(): string {
    const { name, account, region } = this.context;
    return [`namespace ${this.namespace}`, `context ${name}`, ...(account ? [`account ${account}`] : []), region].join(
      ', ',
    );
  }

  /** Words of a command line that choose the same place whatever the environment and the current context are. */
  get placeFlags(): string[] {
    const { apiUrl, region } = this.options;
    const context =
      apiUrl === undefined
        ? ['--context', this.context.name]
        : ['--api-url', apiUrl, '--region', region ?? this.context.region];
    return [...context, '-n', this.namespace];
  }

  /** Decides what Ctrl-C means until the returned function is called. */
  interruptible(exit: Exit, ...lines: string[]): () => void {
    const before = this.interruption;
    this.interruption = { exit, lines };
    return () => {
      this.interruption = before;
    };
  }

  /** The answer to Ctrl-C. */
  interrupted(): { exit: Exit; lines: string[] } {
    return this.interruption ?? { exit: 'interrupted', lines: [] };
  }
}
