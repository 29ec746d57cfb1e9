import { useEffect, useState } from 'preact/hooks';

/** A value to which components subscribe. */
export interface Signal<Value> {
  value: Value;
  subscribe: (listener: () => void) => () => void;
}

export function signal<Value>(initial: Value): Signal<Value> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get value() {
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Returns the value, and renders again at each change. */
export function useSignal<Value>(followed: Signal<Value>): Value {
  const [, renew] = useState({});
  useEffect(() => followed.subscribe(() => renew({})), [followed]);
  return followed.value;
}
