import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder, which is removed after the tests of the calling file or `describe`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rewind-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
