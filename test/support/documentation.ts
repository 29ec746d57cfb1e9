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

const root = path.resolve(__dirname, '../..');

/** Every fenced block that has a language: in README, CONTRIBUTING and docs/, in the order of the pages. */
export function allBlocks(): Block[] {
  const pages = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  return ['README.md', 'CONTRIBUTING.md', ...pages.toSorted()]
    .flatMap(blocksIn)
    .filter(({ language }) => language !== '');
}

function blocksIn(file: string): Block[] {
  const blocks: Block[] = [];
  let headings: string[] = [];
  const parts = /^(#+) (.*)$|^( *)```(\w*)\n([\s\S]*?)^ *```/gm;
  for (const [, marks, heading = '', indent = '', language = '', text = ''] of readFileSync(
    path.join(root, file),
    'utf8',
  ).matchAll(parts)) {
    if (marks === undefined) {
      blocks.push({ file, headings, language, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') });
    } else {
      headings = [...headings.slice(0, marks.length - 1), heading];
    }
  }
  return blocks;
}

/** The blocks of README's section with this heading. */
export const readmeBlocks = (heading: string): Block[] =>
  allBlocks().filter(({ file, headings }) => file === 'README.md' && headings[1] === heading);

/** The configuration that README walks through. */
export function walkedConfig(): RewindConfigInput {
  const [config] = readmeBlocks('Walk through it').filter(({ language }) => language === 'json');
  return JSON.parse(config?.text ?? '') as RewindConfigInput;
}
