import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Paths of the page's views. */
const PAGE =
  /^\/$|^\/n\/\w[\w.-]*\/(?:workflows|workflow|batch-operations|operations|rejected-events)(?:\/[A-Za-z0-9][\w-]*)?$/;

/** Files of the page besides index.html. */
const files: Readonly<Record<string, { name: string; contentType: string }>> = {
  '/page.js': { name: 'page.js', contentType: 'text/javascript; charset=utf-8' },
  '/page.css': { name: 'page.css', contentType: 'text/css; charset=utf-8' },
  '/icon.svg': { name: 'icon.svg', contentType: 'image/svg+xml' },
};

export interface PageFile {
  contentType: string;
  body: Uint8Array;
}

/**
 * Reads the file for a path; undefined if the path belongs to no file or view.
 * @param folder the folder with index.html and the files that it loads
 */
export async function pageFile(folder: string, requested: string): Promise<PageFile | undefined> {
  const file = PAGE.test(requested)
    ? { name: 'index.html', contentType: 'text/html; charset=utf-8' }
    : Object.hasOwn(files, requested)
      ? files[requested]
      : undefined;
  return file && { contentType: file.contentType, body: await readFile(path.join(folder, file.name)) };
}

/** Whether an address from the command line is an address of the page. */
export const isPageAddress = (address: string): boolean => PAGE.test(address.replace(/[?#].*$/s, ''));
