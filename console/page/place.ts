import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { commandLine } from '../../cli/quote';
import { useAddress } from './address';
import type { Place } from './schema';

export const PlaceContext = createContext<Place | undefined>(undefined);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('no place');
  return place;
}

/** Stands for a namespace where a rejected event names none that is configured. It has nothing else. */
export const UNKNOWN_NAMESPACE = '_unknown';

/** Whether a name says that it is of production. */
const isProductionName = (name: string): boolean => /(^|[^a-z])(prod|production|live)([^a-z]|$)/i.test(name);

/** Whether what is done here is done to production, by the names of the context and the namespace. */
export function useProduction(): boolean {
  const { context } = usePlace();
  return [context, useAddress().namespace].some(isProductionName);
}

/** Makes the command line that does the same as the page. */
export function useCommand(): (...words: string[]) => string {
  const { placeFlags } = usePlace();
  const { namespace } = useAddress();
  // The last of the flags is the context's namespace.
  return (...words) => commandLine([...words, ...placeFlags.slice(0, -1), namespace]);
}
