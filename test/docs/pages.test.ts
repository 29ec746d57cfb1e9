import { existsSync } from 'node:fs';
import path from 'node:path';
import { pages, readPage } from '../support/documentation';

const root = path.resolve(__dirname, '../..');
const withoutBlocks = (text: string) => text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');

test('README.md has at most 9 KB', () => {
  expect(Buffer.byteLength(readPage('README.md'))).toBeLessThanOrEqual(9 * 1024);
});

test('docs/README.md lists every page of docs/', () => {
  const unlisted = pages().filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  const index = readPage('docs/README.md');
  expect(unlisted.filter((page) => !index.includes(`(${page.slice('docs/'.length)})`))).toEqual([]);
});

test.each(pages())('%s: every link leads to a file and a heading', (page) => {
  const links = [...withoutBlocks(readPage(page)).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)/g)];
  const broken = links.filter(([, file = '', anchor]) => {
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

/** Folders whose files the pages name. */
const folders = 'api|aws|bench|bin|cli|client|console|docs|examples|functions|lib|local|operations|test|worker';

test.each(pages())('%s: every file of the repository that it names exists', (page) => {
  const named = [...readPage(page).matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g'))];
  expect(named.map(([, file = '']) => file).filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test.each(pages())('%s: queries are in the order that every curl signs', (page) => {
  const queries = [...readPage(page).matchAll(/(?:GET |rewind '|…\/)[\w/{}-]+\?([\w=&%.-]+)/g)];
  for (const [, query = ''] of queries) {
    const names = query.split('&').map((parameter) => parameter.split('=')[0] ?? '');
    expect(names).toEqual(names.toSorted());
  }
});

/** Anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...withoutBlocks(readPage(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
