import type { Logger } from '@temporalio/common';

interface Line {
  message: string;
  /** The other arguments; a single one is not in a list. */
  fields?: unknown;
}

/** A logger for functions and the worker that records each line. */
export class RecordedLog implements Logger {
  readonly lines: Line[] = [];
  readonly trace = this.keep.bind(this);
  readonly debug = this.keep.bind(this);
  readonly info = this.keep.bind(this);
  readonly warn = this.keep.bind(this);
  readonly error = this.keep.bind(this);
  readonly log = (_level: unknown, message: unknown, ...more: unknown[]): void => this.keep(message, ...more);

  /** Each line as text, errors and their causes included. */
  get texts(): string[] {
    return this.lines.map(({ message, fields }) => `${message} ${JSON.stringify(fields, withErrors) ?? ''}`);
  }

  private keep(message: unknown, ...more: unknown[]): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.lines.push({ message: text, ...(more.length > 0 && { fields: more.length === 1 ? more[0] : more }) });
  }
}

const withErrors = (_key: string, value: unknown) =>
  value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value;
