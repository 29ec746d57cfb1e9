import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Addresses of the page: it shows what its address names. */
const PAGE =
  /^\/$|^\/n\/\w[\w.-]*\/(?:workflows|workflow|batch-operations|operations|rejected-events)(?:\/[A-Za-z0-9][\w-]*)?$/;

/** Everything that the page is made of. */
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
 * The file for a path of the page; undefined for any other path.
 * @param folder with index.html and what it loads
 */
export async function pageFile(folder: string, requested: string): Promise<PageFile | undefined> {
  const file = PAGE.test(requested)
    ? { name: 'index.html', contentType: 'text/html; charset=utf-8' }
    : Object.hasOwn(files, requested)
      ? files[requested]
      : undefined;
  return file && { contentType: file.contentType, body: await readFile(path.join(folder, file.name)) };
}

/** Whether an address that was given on the command line is one of the page. */
export const isPageAddress = (address: string): boolean => PAGE.test(address.replace(/[?#].*$/s, ''));
