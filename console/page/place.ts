import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useAddress } from './address';
import type { Place } from './schema';

export const PlaceContext = createContext<Place | undefined>(undefined);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('no place');
  return place;
}

/** The namespace of rejected events without a configured namespace. It has nothing else. */
export const UNKNOWN_NAMESPACE = '_unknown';

/** Whether a name contains a word for production. */
const isProductionName = (name: string): boolean => /(^|[^a-z])(prod|production|live)([^a-z]|$)/i.test(name);

/** Whether changes apply to production, judged by the names of the context and the namespace. */
export function useProduction(): boolean {
  const { context } = usePlace();
  return [context, useAddress().namespace].some(isProductionName);
}
