const CONCURRENCY = 10;

/** Maps items with an asynchronous function, up to ten at a time. Returns the results in order. */
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
