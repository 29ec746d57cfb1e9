/** There was no result in time. The work itself is not cancelled. */
export class DeadlineError extends Error {
  override readonly name = 'TimeUp';
}

/**
 * The result, or a rejection when there is none in time.
 * @param deadline milliseconds since the epoch; without it there is no hurry
 * @throws {DeadlineError}
 */
export async function withDeadline<T>(deadline: number | undefined, result: Promise<T>): Promise<T> {
  if (deadline === undefined) return result;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError('time was up')), deadline - Date.now());
  });
  return Promise.race([result, timeUp]).finally(() => clearTimeout(timer));
}
