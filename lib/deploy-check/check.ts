/** One thing that a deployment needs, and whether it is there. */
export interface Check {
  /** Such as `credentials`, or `prod.a1b2c secret`. */
  check: string;
  /** `unknown`: it cannot be seen from here, or not with these credentials. */
  result: 'ok' | 'failed' | 'unknown';
  /** What was found. Has no part of a secret. */
  found: string;
  /** What to do; absent when there is nothing. */
  action?: string;
}

/** The name and the message of an error, of the AWS SDK for example. */
export function named(error: unknown): { name: string; message: string } {
  return error instanceof Error ? error : { name: '', message: String(error) };
}

/** Whether IAM refuses the call that failed. */
export const isDenied = (error: unknown): boolean => named(error).name.startsWith('AccessDenied');
