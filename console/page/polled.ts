import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Lost } from './api';

export interface Polled<Data> {
  /** The data read last, kept while the API does not respond. */
  data: Data | undefined;
  /** Why the last read failed; undefined for a lost connection. */
  problem: Error | undefined;
  /** With a problem: when the data was read. */
  readAt: string | undefined;
  refresh: () => void;
}

/** Pause before the next attempt after a lost connection. */
const LOST_MS = 2000;

/**
 * Reads data at once and then periodically, while the page is visible.
 * @param key identifies the data: when it changes, the data is dropped; undefined to read nothing
 * @param pause milliseconds until the next read, or undefined to stop
 */
export function usePolled<Data>(
  key: string | undefined,
  read: () => Promise<Data>,
  pause: (data: Data) => number | undefined,
): Polled<Data> {
  const [state, setState] = useState<{ key?: string; data?: Data; problem?: Error; readAt?: string }>({});
  const [round, setRound] = useState(0);
  const latest = useRef({ read, pause });
  latest.current = { read, pause };
  const shown = useRef('');
  const readAt = useRef('');

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
        readAt.current = new Date().toISOString();
        // Equal data causes no rendering, so that nothing flickers or loses the focus.
        const text = `${key} ${JSON.stringify(data)}`;
        if (text !== shown.current) setState({ key, data });
        shown.current = text;
        return again(pauseThen(data));
      } catch (error) {
        if (stopped) return undefined;
        if (error instanceof Lost) return again(LOST_MS);
        shown.current = '';
        setState((before) => ({
          ...(before.key === key ? before : {}),
          key,
          problem: error as Error,
          readAt: readAt.current,
        }));
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
  const current: typeof state = state.key === key ? state : {};
  return { data: current.data, problem: current.problem, readAt: current.readAt, refresh };
}

/** The data read, or the data of the previous key while reading, so that a form below it keeps what the user has typed. */
export function useKept<Data>({ data, problem }: Polled<Data>): { data: Data | undefined; isReading: boolean } {
  const last = useRef<Data>(undefined);
  if (data !== undefined) last.current = data;
  const isReading = data === undefined && problem === undefined;
  return { data: data ?? (isReading ? last.current : undefined), isReading };
}
