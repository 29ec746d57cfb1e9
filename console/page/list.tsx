import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ItemOf } from '../../cli/output/lists';
import type { RequestTo, ResponseOf } from '../../cli/requests/client';
import type { RouteName } from '../../cli/requests/contract';
import { read } from './api';
import { Reading } from './parts';
import { usePolled } from './polled';
import { SelectAll } from './selection';
import type { Selection } from './selection';

export interface ListPage<Item> {
  items: Item[];
  nextPageToken?: string | undefined;
}

const PAGE_SIZE = 25;

/**
 * Reads a page of one of the API's lists.
 * @param field of the response that contains the items
 */
export async function readPage<Route extends RouteName, Field extends keyof ResponseOf<Route>>(
  namespace: string,
  route: Route,
  field: Field,
  request: RequestTo<Route>,
): Promise<ListPage<ItemOf<ResponseOf<Route>[Field]>>> {
  const query = { pageSize: PAGE_SIZE, ...request.query };
  const page = await read(namespace, route, { ...request, query });
  const { nextPageToken } = page as { nextPageToken?: string };
  return { items: (page[field] ?? []) as ItemOf<ResponseOf<Route>[Field]>[], nextPageToken };
}

export interface List<Item> {
  /** undefined until the first page has been read. */
  items: Item[] | undefined;
  problem: Error | undefined;
  readAt?: string | undefined;
  /** Reads the next page; undefined while it is being read, and after the last page. */
  more: (() => void) | undefined;
  isReadingMore: boolean;
  /** Reads the first page again. */
  refresh: () => void;
}

interface Source<Item> {
  /** Identifies the list: when the key changes, the items are dropped. */
  key: string;
  read: (pageToken?: string) => Promise<ListPage<Item>>;
  idOf: (item: Item) => string;
  /** Milliseconds until the first page is read again; undefined to read it once. */
  pause: number | undefined;
}

/** Reads the first page of a list periodically, and other pages on request. */
export function useList<Item>({ key, read: readItems, idOf, pause }: Source<Item>): List<Item> {
  const first = usePolled(
    key,
    () => readItems(),
    () => pause,
  );
  const further = useFurtherPages(key, first.data?.nextPageToken, readItems);
  // New items on the first page push other items to the second page, which has been read before: remove duplicates.
  const items =
    first.data && new Map([...first.data.items, ...further.items].map((item) => [idOf(item), item] as const));
  return {
    items: items && [...items.values()],
    problem: first.problem ?? further.problem,
    readAt: first.readAt,
    more: further.more,
    isReadingMore: further.isReading,
    refresh: first.refresh,
  };
}

interface FurtherPages<Item> extends ListPage<Item> {
  key: string;
  problem?: Error;
}

function useFurtherPages<Item>(
  key: string,
  firstToken: string | undefined,
  readNext: (pageToken: string) => Promise<ListPage<Item>>,
) {
  const [state, setState] = useState<FurtherPages<Item>>({ key, items: [] });
  const [isReading, setReading] = useState(false);
  const current = state.key === key ? state : { key, items: [] };
  // After another page has been read, its token is the next one.
  const token = current.items.length > 0 ? current.nextPageToken : firstToken;
  const readMore = async (pageToken: string) => {
    setReading(true);
    try {
      const { items, nextPageToken } = await readNext(pageToken);
      setState({ key, items: [...current.items, ...items], nextPageToken });
    } catch (problem) {
      setState({ ...current, problem: problem as Error });
    } finally {
      setReading(false);
    }
  };
  const more = token === undefined || isReading ? undefined : () => void readMore(token);
  return { items: current.items, problem: current.problem, more, isReading };
}

/** Shows the items of a list, that it is empty, or why it could not be read. */
export function ListView<Item>({
  list,
  empty,
  children,
}: {
  list: List<Item>;
  /** Text for an empty list. */
  empty: string;
  children: (items: Item[]) => ComponentChildren;
}): JSX.Element {
  const { items, problem, readAt, more, isReadingMore } = list;
  return (
    <>
      <Reading data={items} problem={problem} readAt={readAt} />
      {items?.length === 0 && <p class="empty">{empty}</p>}
      {items !== undefined && items.length > 0 && children(items)}
      {(more !== undefined || isReadingMore) && (
        <button type="button" class="more" disabled={isReadingMore} onClick={more}>
          {isReadingMore ? 'Reading…' : 'Show more'}
        </button>
      )}
    </>
  );
}

/** @param selection for a column of checkboxes */
export const Table = ({
  heads,
  selection,
  children,
}: {
  heads: ComponentChildren[];
  selection?: Selection;
  children: ComponentChildren;
}): JSX.Element => (
  <table class="list">
    <thead>
      <tr>
        {selection && <SelectAll selection={selection} />}
        {heads.map((head, index) => (
          <th key={index}>{head}</th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);
