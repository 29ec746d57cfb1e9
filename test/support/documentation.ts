import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RewindConfigInput } from '../../lib/config';

/** A fenced block of the documentation. */
export interface Block {
  /** From the project's folder. */
  file: string;
  /** The headings above it, without their marks: `['Deploy it']`. */
  headings: string[];
  /** Empty for pictures and the like. */
  language: string;
  text: string;
}

/** A command of a transcript and what it prints; empty where the page leaves the output out. */
export interface TranscriptStep {
  command: string;
  output: string;
}

const root = path.resolve(__dirname, '../..');

/** The Markdown files that people read, relative to the project's folder. */
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

/** Every fenced block that has a language, in the order of the pages. */
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

/** The blocks of the walk-through, which its own end-to-end test runs in order. */
export const isInWalkthrough = ({ file }: Block): boolean => file === walkthroughPage;

/** The blocks that test/e2e/cli/first-day-on-call.test.ts runs. */
export const isFirstDay = ({ file, language }: Block): boolean =>
  file === 'docs/first-day-on-call.md' && language === 'sh';

/** The configuration of the walk-through. */
export function walkthroughConfig(): RewindConfigInput {
  const [config] = allBlocks().filter((block) => isInWalkthrough(block) && block.language === 'json');
  return JSON.parse(config?.text ?? '') as RewindConfigInput;
}

/** The steps of a block in the language `console`: a line with `$ ` in front is a command, the lines after it are its output. */
export function transcriptSteps({ text }: Block): TranscriptStep[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return { command, output: output.join('\n').trim() };
    });
}
