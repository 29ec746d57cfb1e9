import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder } from '../../../local/installed/cache-folder';

/** A pattern, and events to match: objects or JSON texts. */
export interface Question {
  pattern: object;
  events: (object | string)[];
}

/** Whether the pattern matches each event, or why the pattern is invalid. */
export type Verdict = { matches: boolean[] } | { error: string };

const pom = path.join(__dirname, 'pom.xml');
const program = path.join(__dirname, 'Match.java');
const [, version = ''] = /<version>([\d.]+\.\d+)<\/version>/.exec(readFileSync(pom, 'utf8')) ?? [];

const runs = (command: string, option: string) => spawnSync(command, [option], { stdio: 'ignore' }).status === 0;

const hasJava = runs('javac', '-version') && runs('mvn', '-v');
if (!hasJava) console.log('Skipped: patterns are compared with events by Event Ruler, which needs a JDK and Maven.');

/** `describe`, or `describe.skip` without a JDK and Maven. */
export const describeWithEventRuler = hasJava ? describe : describe.skip;

/** Matches events with Event Ruler, the matcher of EventBridge, which Maven downloads into the cache. */
export async function eventRuler(questions: Question[]): Promise<Verdict[]> {
  const jars = await cachedFolder(`event-ruler-${version}`, async (folder) => {
    const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    await run('mvn', ['-q', '-B', '-f', pom, plugin, `-DoutputDirectory=${folder}`]);
  });
  const printed = await run('java', ['-cp', path.join(jars, '*'), program], JSON.stringify(questions));
  return JSON.parse(printed) as Verdict[];
}

function run(command: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}: ${error.message}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}
