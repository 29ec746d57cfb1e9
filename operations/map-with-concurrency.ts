/** How many are in progress at a time. */
const CONCURRENCY = 10;

/** Does something to each, a few at a time. */
export async function mapWithConcurrency<Item, Result>(
  items: Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CONCURRENCY) {
    results.push(...(await Promise.all(items.slice(start, start + CONCURRENCY).map(act))));
  }
  return results;
}
