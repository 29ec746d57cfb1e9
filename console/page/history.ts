import { useEffect, useState } from 'preact/hooks';
import { read as readRoute } from './api';
import { mergeEntries, newestOf, oldestOf } from './merge-entries';
import { usePolled } from './polled';
import type { HistoryEntry } from './schema';

export interface History {
  /** Newest first. */
  entries: HistoryEntry[];
  more: (() => void) | undefined;
  reading: boolean;
  problem: Error | undefined;
}

const PAGE_SIZE = 100;
const LIVE_MS = 1500;
/** Maximum pages to read at once after a pause, for example when the tab was hidden. */
const MAX_CATCH_UP = 20;

interface State {
  key: string;
  entries: HistoryEntry[];
  /** Page token for the entries before the oldest. */
  token?: string | undefined;
}

/** Reads the history of a run page by page, and reads the newest entries again while the run is open. */
export function useHistory(
  namespace: string,
  { workflowId, runId }: { workflowId: string; runId: string | undefined },
  isOpen: boolean,
): History {
  const key = JSON.stringify([namespace, workflowId, runId]);
  const [state, setState] = useState<State>({ key, entries: [] });
  const [older, setOlder] = useState<{ reading: boolean; problem?: Error }>({ reading: false });
  const current = state.key === key ? state : { key, entries: [] };
  const read = (pageToken?: string) =>
    readRoute(namespace, 'listHistory', { query: { workflowId, runId, pageSize: PAGE_SIZE, pageToken } });

  const latest = usePolled(
    // The key changes when the run closes, so that the history is read once more.
    runId === undefined ? undefined : `${key} ${isOpen}`,
    async () => {
      const pages = [await read()];
      const known = newestOf(current.entries) ?? Number.POSITIVE_INFINITY;
      while (pages.length < MAX_CATCH_UP) {
        const { entries, nextPageToken } = pages.at(-1) ?? { entries: [] };
        if (nextPageToken === undefined || (oldestOf(entries) ?? 0) <= known) break;
        pages.push(await read(nextPageToken));
      }
      return { entries: pages.flatMap(({ entries }) => entries), token: pages.at(-1)?.nextPageToken };
    },
    () => (isOpen ? LIVE_MS : undefined),
  );
  useEffect(() => {
    const { data } = latest;
    if (data === undefined) return;
    setState((before) => {
      const isFirst = before.key !== key || before.entries.length === 0;
      const entries = mergeEntries(isFirst ? [] : before.entries, data.entries);
      return { key, entries, token: isFirst ? data.token : before.token };
    });
  }, [latest.data, key]);

  const { token } = current;
  const readOlder = async (pageToken: string) => {
    setOlder({ reading: true });
    try {
      const page = await read(pageToken);
      setState((before) =>
        before.key === key
          ? { key, entries: mergeEntries(before.entries, page.entries), token: page.nextPageToken }
          : before,
      );
      setOlder({ reading: false });
    } catch (problem) {
      setOlder({ reading: false, problem: problem as Error });
    }
  };
  const more = token === undefined || older.reading ? undefined : () => void readOlder(token);
  return { entries: current.entries, more, reading: older.reading, problem: latest.problem ?? older.problem };
}
