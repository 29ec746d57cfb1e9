import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RewindConfigInput } from '../../lib/config';

/** A fenced block of README's, in the order of the page. */
export interface Block {
  language: string;
  text: string;
}

/** The blocks of README's section with this heading. */
export function blocksOf(heading: string): Block[] {
  const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8');
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```/gm)].map(
    ([, indent = '', language = '', text = '']) => ({
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** The configuration that README walks through. */
export function walkedConfig(): RewindConfigInput {
  const [config] = blocksOf('Walk through it').filter(({ language }) => language === 'json');
  return JSON.parse(config?.text ?? '') as RewindConfigInput;
}
