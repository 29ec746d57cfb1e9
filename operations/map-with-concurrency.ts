import { chunksOf } from './chunks';

/** Maps items with an asynchronous function, up to `concurrency` at a time. Returns the results in order. */
export async function mapWithConcurrency<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  concurrency = 10,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const chunk of chunksOf(items, concurrency)) results.push(...(await Promise.all(chunk.map(act))));
  return results;
}
