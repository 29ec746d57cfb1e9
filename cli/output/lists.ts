import type { Session } from '../session';
import type { Column } from './table';

const MAX_PAGE_SIZE = 100;
const DEFAULT_ROWS = 20;

export interface List<Name extends string, Item> {
  /** The field of a page that holds its items. */
  name: Name;
  columns: Column<Item>[];
  limit: number | undefined;
  page: (pageSize: number, pageToken: string | undefined) => Promise<Page<Name, Item>>;
  /** Message for an empty list. */
  empty: string;
}
type Page<Name extends string, Item> = { [Field in Name]: Item[] } & { nextPageToken?: string | undefined };

/** Reads a list page by page, and prints it as a table, as one JSON object like the API's, or as one JSON object per line. */
export async function printList<Name extends string, Item>(
  session: Session,
  { name, columns, limit, page, empty }: List<Name, Item>,
): Promise<void> {
  const { output } = session;
  const most = limit ?? (output.isText ? DEFAULT_ROWS : Number.POSITIVE_INFINITY);
  const items: Item[] = [];
  let current: Page<Name, Item> | undefined;
  do {
    const pageSize = Math.min(MAX_PAGE_SIZE, most - items.length);
    current = await page(pageSize, current?.nextPageToken);
    if (output.format === 'jsonl') for (const item of current[name]) output.json(item);
    items.push(...current[name]);
  } while (current.nextPageToken !== undefined && items.length < most && !output.closed);
  if (output.format === 'json') output.json({ ...current, [name]: items });
  if (!output.isText) return;
  if (items.length === 0) output.note(empty);
  else output.table(columns, items);
  if (current.nextPageToken !== undefined) output.note(`There are more: --limit ${most * 10}`);
}
