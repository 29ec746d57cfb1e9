/** Exit codes of the command. docs/cli.md lists them. */
export const exitCodes = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'failed, and nothing was changed' },
  usage: { code: 2, meaning: 'the command line or a value in it is not valid' },
  refused: { code: 3, meaning: 'refused: not found, a conflict, or another count than `--expect`' },
  stillOpen: { code: 4, meaning: 'done, and the workflow or batch operation was still open when the waiting ended' },
  partlyFailed: { code: 5, meaning: 'a batch operation, or a command with several ids, has failures' },
  unknown: { code: 6, meaning: 'it is unknown whether the change was made: the printed command repeats it safely' },
  notAllowed: { code: 7, meaning: 'not allowed: no credentials, expired credentials, or IAM refuses' },
  interrupted: { code: 130, meaning: 'Ctrl-C before anything was sent' },
} as const;
export type Exit = keyof typeof exitCodes;

/** Ends the command with a message for a person. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exit: Exit,
    message: string,
    readonly details: {
      /** What helps, a line each. */
      hints?: string[];
      /** The API's problem document, for `-o json`. */
      problem?: object;
    } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
