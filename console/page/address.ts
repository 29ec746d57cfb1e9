import { signal, useSignal } from './signal';

/*
 * The address identifies everything that the page shows, so that it can be shared:
 * /n/NAMESPACE/VIEW[/ID]?PARAMETERS
 */
export interface Address {
  namespace: string;
  view: string;
  id?: string;
  parameters: URLSearchParams;
}

const current = signal(parse(location.pathname, location.search));
addEventListener('popstate', () => (current.value = parse(location.pathname, location.search)));

function parse(pathname: string, search: string): Address {
  const [, , namespace = '', view = '', id] = pathname.split('/');
  return { namespace, view, ...(id !== undefined && { id }), parameters: new URLSearchParams(search) };
}

export const useAddress = (): Address => useSignal(current);

type Parameters = Record<string, string | string[] | undefined>;

/** Builds an address, in the namespace of the page unless another is given. Parameters without a value are left out. */
export function addressOf(view: string, parameters: Parameters = {}, namespace = current.value.namespace): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value ?? []].flat()) if (one !== '') search.append(name, one);
  }
  const text = search.toString();
  return `/n/${namespace}/${view}${text && `?${text}`}`;
}

export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  const before = current.value;
  current.value = parse(location.pathname, location.search);
  if (replace || (before.view === current.value.view && before.id === current.value.id)) return;
  scrollTo(0, 0);
  focusMain();
}

/** For when what has the focus goes away: the next Tab would begin at the top of the page. */
export const focusMain = (): void => document.querySelector('main')?.focus({ preventScroll: true });

/** Changes parameters of the address; undefined removes a parameter. */
export function setParameters(changes: Record<string, string | undefined>, { replace = true } = {}): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') search.delete(name);
    else search.set(name, value);
  }
  const text = search.toString();
  navigate(`${location.pathname}${text && `?${text}`}`, { replace });
}

/** Makes links within the page change the address without reloading the page. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.origin !== location.origin || link.target !== '') return;
    if (link.hash !== '') return;
    event.preventDefault();
    navigate(link.href.slice(link.origin.length));
  });
}
