import path from 'node:path';
import { commands } from '../../cli/commands';
import { rolesFor, routes } from '../../cli/requests/contract';
import type { Command, Option } from '../../cli/command-line/declaration';
import { exitCodes } from '../../cli/exit-codes';
import { createParser } from '../../cli/program';
import { sharedOptions } from '../../cli/command-line/shared-options';
import { withGeneratedPart } from './generated-part';

/** Returns docs/cli.md with the commands, options and exit codes from their declarations in cli/. */
export function cliPage(root: string): Promise<string> {
  for (const { line } of commands.flatMap(({ examples }) => examples)) checkExample(line);
  const parts = [
    '## Commands',
    ...commands.map(section),
    '## Options of every command',
    optionTable(sharedOptions),
    '## Exit codes',
    exitTable(),
  ];
  return withGeneratedPart(path.join(root, 'docs/cli.md'), parts.join('\n\n'));
}

/** @throws when the command's parser does not accept an example */
function checkExample(line: string): void {
  for (const [, command = ''] of line.matchAll(/(?:^|\| )rewind ((?:"[^"]*"|'[^']*'|[^|"'])*)/g)) {
    const words = [...command.replaceAll(/ [<>]\S+/g, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
    createParser(
      '',
      () => Promise.resolve(),
      () => {},
    ).parse(
      words.map(([, double, single, bare]) => double ?? single ?? bare ?? ''),
      { from: 'user' },
    );
  }
}

function section(command: Command): string {
  const { name, summary, description, args = [], options, examples, route } = command;
  const usage = ['rewind', name, ...args.map((argument) => argument.name)].join(' ');
  const access = route && routes[route].access;
  return [
    `### ${name}`,
    `\`${usage}\`: ${sentence(summary)}`,
    description === undefined ? '' : prose(description),
    access === undefined
      ? ''
      : `Role: \`${access}\`${access === 'reader' ? ', which every role includes' : orMore(rolesFor[access])}.`,
    args.length === 0
      ? ''
      : args.map(({ name: given, description: meaning }) => `- \`${given}\`: ${meaning}`).join('\n'),
    options && Object.keys(options).length > 0 ? optionTable(options) : '',
    ['```text', ...examples.map(({ line, does }) => `${line}\n    # ${does}`), '```'].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const orMore = ([, ...more]: readonly string[]): string =>
  more.length === 0 ? '' : ` (included in ${more.map((role) => `\`${role}\``).join(', ')})`;

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** Converts indented lines of a description, which the help shows as they are, to code blocks. */
function prose(description: string): string {
  const lines = description.split('\n').map((line) => (line.startsWith('  ') ? `    ${line.trimStart()}` : line));
  return lines
    .join('\n')
    .replaceAll(
      /\n(    [^\n]*(?:\n    [^\n]*)*)/g,
      (_all, block: string) => `\n\n\`\`\`text\n${block.replaceAll(/^ {4}/gm, '')}\n\`\`\`\n`,
    );
}

function optionTable(options: Record<string, Option>): string {
  const rows = Object.values(options).map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`);
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

function exitTable(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${cell(meaning)} |`);
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
