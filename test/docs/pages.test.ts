import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { failures } from '../../api/failures';
import { stuckKinds } from '../../api/stuck';
import { rewindMetrics } from '../../aws/metrics';
import { gatewayProblems } from '../../api/gateway-problems';
import { pages, readPage } from '../support/documentation';

const root = path.resolve(__dirname, '../..');
const withoutBlocks = (text: string) => text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');

test('README.md has at most 9 KB', () => {
  expect(Buffer.byteLength(readPage('README.md'))).toBeLessThanOrEqual(9 * 1024);
});

test('docs/README.md lists every page of docs/ and every example, and the records under their titles', () => {
  const unlisted = pages().filter((page) => /^(docs|examples)\//.test(page) && page !== 'docs/README.md');
  const index = readPage('docs/README.md');
  expect(unlisted.filter((page) => !index.includes(`(${path.posix.relative('docs', page)})`))).toEqual([]);
  const records = unlisted.filter((page) => page.startsWith('docs/adr/'));
  expect(records).not.toEqual([]);
  for (const record of records) {
    const [, number, title] = /^# (\d+)\. (.*)$/m.exec(readPage(record)) ?? [];
    expect(index).toContain(`${number}. [${title}](${record.slice('docs/'.length)})`);
  }
});

/** What the pages mention in this form, with the page. */
function mentioned(form: RegExp): { page: string; text: string; groups: (string | undefined)[] }[] {
  const found = pages().flatMap((page) =>
    [...readPage(page).matchAll(form)].map(([text, ...groups]) => ({ page, text, groups })),
  );
  expect(found).not.toEqual([]);
  return found;
}

test('every command of the CDK names a configuration, because it starts the app, which has only an example', () => {
  const commands = mentioned(/npx cdk (?:bootstrap|deploy|destroy|diff|synth)\b[^`\n]*/g).filter(
    // In the past.
    ({ page }) => page !== 'CHANGELOG.md',
  );
  const without = commands.filter(({ text }) => !/ (?:-c (?:config|stage)=|--app )/.test(text));
  expect(without).toEqual([]);
});

test('every link in a page leads to a file and a heading', () => {
  const links = mentioned(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)/g);
  const broken = links.filter(({ page, groups: [file = '', anchor] }) => {
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** Folders whose files the pages name. */
const folders = 'api|aws|bench|bin|cli|client|console|docs|examples|functions|lib|local|operations|test|worker';

test('every file of the repository that a page names exists', () => {
  const files = mentioned(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g'));
  expect(files.filter(({ groups: [file = ''] }) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('query parameters are in the order that curl signs', () => {
  const unsorted = mentioned(/(?:GET |rewind '|…\/)[\w/{}-]+\?([\w=&%.-]+)/g).filter(({ groups: [query = ''] }) => {
    const names = query.split('&').map((parameter) => parameter.split('=')[0] ?? '');
    return names.join() !== names.toSorted().join();
  });
  expect(unsorted).toEqual([]);
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

test('docs/problems.md matches the table of failures', () => {
  const rows = new Map(
    [...readPage('docs/problems.md').matchAll(/^\| `([\w-]+)` +\| (\d+) +\|[^|]*\| (.*?) +\|$/gm)].map(
      ([, kind = '', status = '', done = '']) => [
        kind,
        { status: Number(status), nothingDone: /^no\b|^not\b/.test(done) },
      ],
    ),
  );
  const table = Object.entries(failures).map(([kind, { status, nothingDone }]) => [kind, { status, nothingDone }]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(table));
  for (const { name } of gatewayProblems) expect(readPage('docs/problems.md')).toContain(`\`${name}\``);
});

test('every test that docs/faults.md names exists', () => {
  const tests = [...readPage('docs/faults.md').matchAll(/\| `([\w-]+)` +\|$/gm)].map(([, name]) => `${name}.test.ts`);
  expect(tests.length).toBeGreaterThan(15);
  expect(tests.filter((name) => !existsSync(path.join(root, 'test/integration', name)))).toEqual([]);
});

test('docs/http-api.md explains every kind of stuck', () => {
  const explained = [...readPage('docs/http-api.md').matchAll(/^\| `(\w+)` +\|/gm)].map(([, kind]) => kind);
  expect(explained).toEqual(expect.arrayContaining([...stuckKinds]));
});

test('docs/observability.md lists every metric', () => {
  const { namespace: _namespace, ...metrics } = rewindMetrics;
  const page = readPage('docs/observability.md');
  expect(Object.values(metrics).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** The source files of the folders. */
const sourcesIn = (...names: string[]) =>
  names.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  );

test('docs/runbook.md quotes log lines that the code writes', () => {
  const sources = sourcesIn('aws', 'functions');
  const quoted = [
    ...readPage('docs/runbook.md').matchAll(
      /`((?:an operation could|DynamoDB failed|does not contain a build)[^`]*)`/g,
    ),
  ];
  expect(quoted).toHaveLength(3);
  for (const [, line = ''] of quoted) expect(sources.some((source) => source.includes(line))).toBe(true);
});

test('the code reads every environment variable of Rewind that a page names', () => {
  const sources = sourcesIn('aws', 'cli', 'local', 'worker', 'test/support').join();
  const unread = mentioned(/`(REWIND_[A-Z_]+)`/g).filter(
    // The local stack builds the names of its own variables.
    ({ groups: [name = ''] }) => !sources.includes(name) && !name.startsWith('REWIND_TEMPORAL_'),
  );
  expect(unread).toEqual([]);
});
