/** The result of checking one requirement of a deployment. */
export interface Check {
  /** Name of the requirement, such as `credentials` or `prod.a1b2c secret`. */
  check: string;
  /** `unknown`: it cannot be checked from this machine or with these credentials. */
  result: 'ok' | 'failed' | 'unknown';
  /** What was found. Contains no part of a secret. */
  found: string;
  /** What to do. Absent if there is nothing to do. */
  action?: string;
}

/** Returns the name and message of an error, for example of the AWS SDK. */
export function named(error: unknown): { name: string; message: string } {
  return error instanceof Error ? error : { name: '', message: String(error) };
}

/** Returns whether a call failed because IAM does not allow it. */
export const isDenied = (error: unknown): boolean => named(error).name.startsWith('AccessDenied');
