import { readFileSync } from 'node:fs';
import { format } from 'prettier';

const generatedPart = /(<!-- generated:.*?-->\n)[\s\S]*?(<!-- \/generated -->)/;

/** Returns a page with the part between its "generated" comments replaced by `content`. The other text is kept. */
export function withGeneratedPart(file: string, content: string): Promise<string> {
  const page = readFileSync(file, 'utf8');
  if (!generatedPart.test(page)) throw new Error(`${file} lacks the "generated" comments`);
  const updated = page.replace(generatedPart, (_all, start: string, end: string) => `${start}\n${content}\n\n${end}`);
  return format(updated, { filepath: file, printWidth: 120, singleQuote: true });
}
