// Cleans up after the process that started it. The local stack starts servers in separate process groups. If their
// owner ends without stopping them (SIGKILL, a crash, Ctrl-C in jest), the standard input of this program closes, and it
// stops and removes everything that is still registered.
//
// Plain JavaScript, so that it starts in milliseconds. Its input is lines: `+group PID`, `-group PID`, `+path PATH`, `-path PATH`,
// `+claim JSON`, `-claim JSON` (local/processes/claimed-folder.ts).
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const GRACE_MS = 3000;

const registered = { group: new Set(), path: new Set(), claim: new Set() };

// A terminal sends these signals to all foreground processes, but this program must outlive its owner.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [entry, ...rest] = line.split(' ');
  const value = rest.join(' ');
  const set = registered[entry?.slice(1)];
  if (entry?.startsWith('+')) set?.add(value);
  else set?.delete(value);
}

/** @returns false if no process of the group is left */
const signalGroup = (pid, signal) => {
  try {
    process.kill(-Number(pid), signal);
    return true;
  } catch {
    return false;
  }
};

const groups = [...registered.group];
for (const pid of groups) signalGroup(pid, 'SIGTERM');
for (const end = Date.now() + GRACE_MS; Date.now() < end && groups.some((pid) => signalGroup(pid, 0));) await sleep(50);
for (const pid of groups) signalGroup(pid, 'SIGKILL');
const remove = (place) => rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
for (const { folder, owner } of [...registered.claim].map((claim) => JSON.parse(claim))) {
  if (ownerOf(folder) === owner) removeOwnedBy(folder, owner);
}
for (const place of registered.path) remove(place);

/** Removes the folder after renaming it, so that files of the next owner are not removed. */
function removeOwnedBy(folder, owner) {
  const away = `${folder}-${process.pid}`;
  try {
    renameSync(folder, away);
    if (ownerOf(away) === owner) remove(away);
    else renameSync(away, folder);
  } catch {
    // The next owner has removed it.
  }
}

function ownerOf(folder) {
  try {
    return readFileSync(path.join(folder, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}
