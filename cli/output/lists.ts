import { read } from '../requests/client';
import type { RequestTo, ResponseOf } from '../requests/client';
import type { RouteName } from '../requests/contract';
import type { Session } from '../session';
import type { Column } from './table';

const MAX_PAGE_SIZE = 100;
const DEFAULT_ROWS = 20;

export interface List<Route extends RouteName, Field extends keyof ResponseOf<Route>> {
  route: Route;
  /** Without the size and the token of the page. */
  request: RequestTo<Route>;
  /** The field of a page that holds its items. */
  items: Field;
  columns: Column<ItemOf<ResponseOf<Route>[Field]>>[];
  limit: number | undefined;
  /** Message for an empty list. */
  empty: string;
}
/** The type of the items of a list. */
export type ItemOf<Items> = NonNullable<Items> extends (infer Item)[] ? Item : never;

/** Reads a list page by page, and prints it as a table, as one JSON object like the API's, or as one JSON object per line. */
export async function printList<Route extends RouteName, Field extends keyof ResponseOf<Route>>(
  session: Session,
  { route, request, items: field, columns, limit, empty }: List<Route, Field>,
): Promise<void> {
  const { output } = session;
  const most = limit ?? (output.isText ? DEFAULT_ROWS : Number.POSITIVE_INFINITY);
  const items: ItemOf<ResponseOf<Route>[Field]>[] = [];
  let page: { nextPageToken?: string } = {};
  do {
    const pageSize = Math.min(MAX_PAGE_SIZE, most - items.length);
    const query = { ...request.query, pageSize, pageToken: page.nextPageToken };
    const data = await read(session, route, { ...request, query });
    const found = (data[field] ?? []) as typeof items;
    if (output.format === 'jsonl') for (const item of found) output.json(item);
    items.push(...found);
    page = data as typeof page;
  } while (page.nextPageToken !== undefined && items.length < most && !output.closed);
  if (output.format === 'json') output.json({ ...page, [field]: items });
  if (!output.isText) return;
  if (items.length === 0) output.note(empty);
  else output.table(columns, items);
  if (page.nextPageToken !== undefined) output.note(`There are more: --limit ${most * 10}`);
}
