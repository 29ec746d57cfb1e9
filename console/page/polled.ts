import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Lost } from './api';

export interface Polled<Data> {
  /** What was read last: kept while the API does not answer. */
  data: Data | undefined;
  /** Why the last reading failed; a lost connection is not one. */
  problem: Error | undefined;
  refresh: () => void;
}

/** How soon a lost connection is tried again. */
const LOST_MS = 2000;

/**
 * Reads at once and then again, while the page is visible.
 * @param key names what is read: another key drops the data
 * @param pause milliseconds until the next reading, or undefined for no other
 */
export function usePolled<Data>(
  key: string | undefined,
  read: () => Promise<Data>,
  pause: (data: Data) => number | undefined,
): Polled<Data> {
  const [state, setState] = useState<{ key?: string; data?: Data; problem?: Error }>({});
  const [round, setRound] = useState(0);
  const latest = useRef({ read, pause });
  latest.current = { read, pause };
  const shown = useRef('');

  useEffect(() => {
    if (key === undefined) return undefined;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (milliseconds: number | undefined) => {
      if (milliseconds !== undefined && !stopped) timer = setTimeout(() => void poll(), milliseconds);
    };
    const poll = async () => {
      if (stopped) return undefined;
      if (document.hidden) return document.addEventListener('visibilitychange', () => void poll(), { once: true });
      // As it is when the reading begins: where the last reading is due by the time it ends, that is another one.
      const { read: readNow, pause: pauseThen } = latest.current;
      try {
        const data = await readNow();
        if (stopped) return undefined;
        // The same data leaves the page as it is: nothing flickers, and nothing that has the focus is made anew.
        const text = `${key} ${JSON.stringify(data)}`;
        if (text !== shown.current) setState({ key, data });
        shown.current = text;
        return again(pauseThen(data));
      } catch (error) {
        if (stopped) return undefined;
        if (error instanceof Lost) return again(LOST_MS);
        shown.current = '';
        setState((before) => ({ ...(before.key === key ? before : {}), key, problem: error as Error }));
        return again(10_000);
      }
    };
    void poll();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key, round]);

  const refresh = useCallback(() => setRound((count) => count + 1), []);
  const isCurrent = state.key === key;
  return { data: isCurrent ? state.data : undefined, problem: isCurrent ? state.problem : undefined, refresh };
}

/** What was read, or what was read for the key before, until it is: with it stays what is typed beside it. */
export function useKept<Data>({ data, problem }: Polled<Data>): { data: Data | undefined; isReading: boolean } {
  const last = useRef<Data>(undefined);
  if (data !== undefined) last.current = data;
  const isReading = data === undefined && problem === undefined;
  return { data: data ?? (isReading ? last.current : undefined), isReading };
}
