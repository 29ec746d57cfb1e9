/** Exit codes of the command. docs/cli.md lists them. */
export const exitCodes = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'failed, and nothing was changed' },
  usage: { code: 2, meaning: 'the command line or a value in it is invalid' },
  refused: { code: 3, meaning: 'refused: not found, a conflict, or a count that differs from `--expect`' },
  stillOpen: {
    code: 4,
    meaning:
      'done, but when the wait ended, the workflow or batch operation was still open, or the API did not return its state',
  },
  partlyFailed: {
    code: 5,
    meaning:
      'done, but with failures: of a batch operation or one that was stopped, of several workflows or events, of the new run of a reset, or of the output',
  },
  unknown: { code: 6, meaning: 'it is unknown whether the change was made: the printed command repeats it safely' },
  notAllowed: { code: 7, meaning: 'not allowed: no credentials, expired credentials, or denied by IAM' },
  interrupted: { code: 130, meaning: 'Ctrl-C before anything was sent' },
} as const;
export type Exit = keyof typeof exitCodes;

/** Ends the command with an exit code and a message. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exit: Exit,
    message: string,
    readonly details: {
      /** Suggestions, a line each. */
      hints?: string[];
      /** The API's problem document, for `-o json`. */
      problem?: object;
    } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
