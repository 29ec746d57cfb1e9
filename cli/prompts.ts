import type { Output, Terminal } from './output/output';
import { CliError } from './exit-codes';

/** Prompts the user on a terminal. Loads the package for prompts on first use. */
export class Prompts {
  constructor(
    private readonly terminal: Terminal,
    private readonly output: Output,
  ) {}

  /** Whether the user can be prompted. Prompts use standard error, because standard output may be a pipe. */
  get possible(): boolean {
    return this.terminal.stdin.isTTY && this.output.promptStream.isTTY;
  }

  async confirm(message: string): Promise<void> {
    const { confirm } = await import('@clack/prompts');
    const answer = await confirm({
      message,
      initialValue: false,
      input: this.terminal.stdin,
      output: this.output.promptStream,
    });
    if (answer !== true) throw notSent(typeof answer === 'symbol');
  }

  /** Asks the user to type an exact text. */
  async type(expected: string, message: string): Promise<void> {
    const { text } = await import('@clack/prompts');
    const answer = await text({
      message,
      input: this.terminal.stdin,
      output: this.output.promptStream,
      validate: (typed) => (typed?.trim() === expected.trim() ? undefined : `Type ${expected}, or press Ctrl-C`),
    });
    if (typeof answer === 'symbol') throw notSent(true);
  }

  async text(message: string, placeholder: string): Promise<string> {
    const { text } = await import('@clack/prompts');
    const answer = await text({
      message,
      placeholder,
      input: this.terminal.stdin,
      output: this.output.promptStream,
      validate: (typed) => (typed?.trim() ? undefined : 'A text is needed'),
    });
    if (typeof answer === 'symbol') throw notSent(true);
    return answer;
  }

  async select<Value extends string | number>(
    message: string,
    options: { value: Value; label: string }[],
  ): Promise<Value> {
    const { select } = await import('@clack/prompts');
    const choices = options as Parameters<typeof select<Value>>[0]['options'];
    const answer = await select<Value>({
      message,
      options: choices,
      maxItems: 12,
      input: this.terminal.stdin,
      output: this.output.promptStream,
    });
    if (typeof answer === 'symbol') throw notSent(true);
    return answer;
  }
}

const notSent = (byCtrlC: boolean) =>
  new CliError('interrupted', `${byCtrlC ? 'Interrupted' : 'Stopped'}. Nothing was sent.`);
