/** Maps items with an asynchronous function, up to `concurrency` at a time. Returns the results in order. */
export async function mapWithConcurrency<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  concurrency = 10,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += concurrency) {
    results.push(...(await Promise.all(items.slice(start, start + concurrency).map(act))));
  }
  return results;
}
