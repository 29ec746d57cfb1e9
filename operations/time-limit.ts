/** Time was up before there was a result. What was begun goes on: nothing of it is taken back. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
}

/**
 * The result, or a rejection when there is none in time.
 * @param until milliseconds since the epoch; without it there is no hurry
 * @throws {TimeUp}
 */
export async function before<T>(until: number | undefined, result: Promise<T>): Promise<T> {
  if (until === undefined) return result;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeUp('time was up')), until - Date.now());
  });
  return Promise.race([result, timeUp]).finally(() => clearTimeout(timer));
}
