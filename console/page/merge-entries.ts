interface Entry {
  eventId: number;
}

/** Merges two lists of entries that are sorted newest first. If both have an entry, that of `read` is kept. */
export function mergeEntries<One extends Entry>(known: One[], read: One[]): One[] {
  const merged: One[] = [];
  let at = 0;
  for (const entry of read) {
    for (let next = known[at]; next !== undefined && next.eventId > entry.eventId; next = known[at]) {
      merged.push(next);
      at += 1;
    }
    if (known[at]?.eventId === entry.eventId) at += 1;
    merged.push(entry);
  }
  // Not with a spread: a history can have more entries than a call accepts arguments.
  return merged.concat(known.slice(at));
}

export const newestOf = (entries: Entry[]): number | undefined => entries[0]?.eventId;
export const oldestOf = (entries: Entry[]): number | undefined => entries.at(-1)?.eventId;
