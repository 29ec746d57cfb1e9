import { styleText } from 'node:util';
import { printableJson } from './quote';
import { table } from './table';
import type { Column } from './table';

export const formats = ['text', 'json', 'jsonl'] as const;
export type Format = (typeof formats)[number];
type Style = Parameters<typeof styleText>[0];

/** Streams and environment of the process. The streams are opened on first use. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Record<string, string | undefined>;
}

/** Writes data to standard output and everything else to standard error. */
export class Output {
  private isClosed: boolean | undefined;
  private hasProgress = false;

  constructor(
    private readonly terminal: Terminal,
    readonly format: Format,
  ) {}

  /** Whether the reader of standard output, such as `head`, has closed the pipe. */
  get closed(): boolean {
    return this.isClosed === true;
  }

  get isText(): boolean {
    return this.format === 'text';
  }

  /** Columns of the terminal; undefined if standard output is a file or a pipe. */
  get columns(): number | undefined {
    const { stdout } = this.terminal;
    return stdout.isTTY ? stdout.columns : undefined;
  }

  /** Prints a line of data as text. */
  line(text = ''): void {
    const { stdout } = this.terminal;
    if (this.isClosed === undefined) {
      this.isClosed = false;
      stdout.on('error', () => {
        this.isClosed = true;
      });
    }
    if (!this.closed) stdout.write(`${text}\n`);
  }

  /** Prints data as JSON. */
  json(value: unknown): void {
    this.line(printableJson(value, this.format === 'json' ? 2 : undefined));
  }

  table<Row>(columns: Column<Row>[], rows: Row[]): void {
    const { lines, leftOut } = table(columns, rows, {
      width: this.columns,
      style: (style, text) => this.style(style, text),
    });
    for (const line of lines) this.line(line);
    if (leftOut.length > 0) this.note(this.noteStyle('dim', `No room for ${leftOut.join(', ')}: -o json has all.`));
  }

  /** Prints rows as a table, as one JSON object with the rows in the field `name`, or as one JSON object per line. */
  rows<Row>(name: string, rows: Row[], columns: Column<Row>[]): void {
    if (this.isText) this.table(columns, rows);
    else if (this.format === 'json') this.json({ [name]: rows });
    else for (const row of rows) this.json(row);
  }

  /** Styles data, only on a terminal. */
  style(style: Style, text: string): string {
    return this.hasColour(this.terminal.stdout) ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Prints a line that is not data. */
  note(text = ''): void {
    this.endProgress();
    this.terminal.stderr.write(`${text}\n`);
  }

  noteStyle(style: Style, text: string): string {
    return this.hasColour(this.terminal.stderr) ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Prints a line that replaces itself, only on a terminal. */
  progress(text: string): void {
    if (!this.terminal.stderr.isTTY) return;
    this.hasProgress = true;
    const room = (this.terminal.stderr.columns || 80) - 1;
    this.terminal.stderr.write(`\r\u001B[2K${text.slice(0, room)}`);
  }

  endProgress(): void {
    if (!this.hasProgress) return;
    this.hasProgress = false;
    this.terminal.stderr.write('\r\u001B[2K');
  }

  get promptStream(): NodeJS.WriteStream {
    return this.terminal.stderr;
  }

  private hasColour({ isTTY }: NodeJS.WriteStream): boolean {
    const { env } = this.terminal;
    return isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }
}
