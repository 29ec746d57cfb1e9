import { render } from 'preact';
import { followLinks, navigate } from './address';
import { session } from './api';
import { App, SignedOut } from './app';
import type { Place } from './schema';
import { showInvisibleCharacters } from './visible-text';

async function start(): Promise<void> {
  const root = document.getElementById('page');
  if (!root) return;
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
  // Remove the token before other code reads the address.
  if (location.hash !== '') history.replaceState(null, '', `${location.pathname}${location.search}`);
  const place = (token === undefined ? undefined : await session<Place>(token)) ?? (await session<Place>());
  if (place === undefined) return render(<SignedOut />, root);
  followLinks();
  if (location.pathname === '/') navigate(`/n/${place.namespace}/workflows`, { replace: true });
  return render(<App place={place} />, root);
}

showInvisibleCharacters();
void start();
