import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RewindConfigInput } from '../../lib/config';

/** A fenced block of the documentation. */
export interface Block {
  /** Relative to the repository. */
  file: string;
  /** The headings above the block, without `#`: `['Deploy it']`. */
  headings: string[];
  /** Empty for diagrams. */
  language: string;
  text: string;
}

/** A command of a transcript and its output, which is empty if the page omits it. */
export interface TranscriptStep {
  command: string;
  output: string;
}

const root = path.resolve(__dirname, '../..');

/** The Markdown pages, relative to the repository. */
export function pages(): string[] {
  const inDocs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const docs = inDocs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
  const examples = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('README.md'))
    .map((file) => `examples/${file}`);
  return [
    'README.md',
    'CONTRIBUTING.md',
    'RELEASING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    ...docs.toSorted(),
    ...examples.toSorted(),
  ];
}

export const readPage = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Every fenced block with a language, in page order. */
export function allBlocks(): Block[] {
  return pages()
    .flatMap(blocksIn)
    .filter(({ language }) => language !== '');
}

function blocksIn(file: string): Block[] {
  const blocks: Block[] = [];
  let headings: string[] = [];
  const parts = /^(#+) (.*)$|^( *)```(\w*)\n([\s\S]*?)^ *```/gm;
  for (const [, marks, heading = '', indent = '', language = '', text = ''] of readPage(file).matchAll(parts)) {
    if (marks === undefined) {
      blocks.push({ file, headings, language, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') });
    } else {
      headings = [...headings.slice(0, marks.length - 1), heading];
    }
  }
  return blocks;
}

const walkthroughPage = 'docs/walkthrough.md';

/** Whether test/e2e/walkthrough.test.ts runs the block. */
export const isInWalkthrough = ({ file }: Block): boolean => file === walkthroughPage;

/** Whether test/e2e/cli/first-day-on-call.test.ts runs the block. */
export const isFirstDay = ({ file, language }: Block): boolean =>
  file === 'docs/first-day-on-call.md' && language === 'sh';

/** The configuration of the walk-through. */
export function walkthroughConfig(): RewindConfigInput {
  const [config] = allBlocks().filter((block) => isInWalkthrough(block) && block.language === 'json');
  return JSON.parse(config?.text ?? '') as RewindConfigInput;
}

/** The steps of a `console` block: a line that starts with `$ ` is a command, and the lines after it are its output. */
export function transcriptSteps({ text }: Block): TranscriptStep[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return { command, output: output.join('\n').trim() };
    });
}
