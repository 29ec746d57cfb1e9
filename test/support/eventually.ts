/**
 * Looks again and again until there is something to see.
 * @returns what was seen
 * @throws when there is nothing within the time
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what = String(look),
  timeoutMs = 15_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
