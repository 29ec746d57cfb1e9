import { styleText } from 'node:util';
import { table } from './table';
import type { Column } from './table';

export const formats = ['text', 'json', 'jsonl'] as const;
export type Format = (typeof formats)[number];
type Style = Parameters<typeof styleText>[0];

export interface OutputOptions {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  format: Format;
  env: Record<string, string | undefined>;
}

/** Data goes to standard output, everything else to standard error. */
export class Output {
  readonly format: Format;
  private readonly stdout: NodeJS.WriteStream;
  private readonly stderr: NodeJS.WriteStream;
  private readonly colours: { out: boolean; err: boolean };
  /** The reader of standard output has ended, as `head` does. */
  closed = false;

  constructor({ stdout, stderr, format, env }: OutputOptions) {
    [this.stdout, this.stderr, this.format] = [stdout, stderr, format];
    const wanted = !env['NO_COLOR'] && env['TERM'] !== 'dumb';
    this.colours = { out: wanted && stdout.isTTY, err: wanted && stderr.isTTY };
    stdout.on('error', () => {
      this.closed = true;
    });
  }

  get isText(): boolean {
    return this.format === 'text';
  }

  /** Columns of the terminal that data goes to; undefined for a file or a pipe. */
  get columns(): number | undefined {
    return this.stdout.isTTY ? this.stdout.columns : undefined;
  }

  /** A line of data for a person. */
  line(text = ''): void {
    if (!this.closed) this.stdout.write(`${text}\n`);
  }

  /** Data of the API, in its own fields. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, undefined, this.format === 'json' ? 2 : undefined));
  }

  table<Row>(columns: Column<Row>[], rows: Row[]): void {
    for (const line of table(columns, rows, { width: this.columns, style: (style, text) => this.style(style, text) })) {
      this.line(line);
    }
  }

  /** Colours data on a terminal only. */
  style(style: Style, text: string): string {
    return this.colours.out ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A line for a person, beside the data. */
  note(text = ''): void {
    this.stderr.write(`${text}\n`);
  }

  noteStyle(style: Style, text: string): string {
    return this.colours.err ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A line that replaces itself, on a terminal only. */
  progress(text: string): void {
    if (!this.stderr.isTTY) return;
    const room = (this.stderr.columns || 80) - 1;
    this.stderr.write(`\r\u001B[2K${text.slice(0, room)}`);
  }

  endProgress(): void {
    if (this.stderr.isTTY) this.stderr.write('\r\u001B[2K');
  }

  /** For prompts. */
  get promptStream(): NodeJS.WriteStream {
    return this.stderr;
  }
}
