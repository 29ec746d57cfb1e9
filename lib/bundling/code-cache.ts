import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { EnvironmentVariable } from '../../aws/environment';
import { bundle } from './function-bundles';
import { writeModule } from './bundle-optimization';

/** The handler's file when compiled code lies beside it: it loads `function.js` with that. */
export function cachedCodeLoader(): Uint8Array {
  return programs().loader;
}

/**
 * Puts V8's compiled code of `function.js` beside it, made after it has been loaded: so with all that loading runs.
 *
 * It serves the Node.js version and the architecture of this process and no other: elsewhere it is not even read, and
 * where V8 does not like it all the same, V8 compiles. Built on x86 or another Node.js than Lambda's, it is dead weight.
 * @param folder that holds the function as `function.js`
 */
export function writeCodeCache(folder: string): void {
  const maker = writeModule('make-code-cache.js', Buffer.from(programs().maker).toString());
  execFileSync(process.execPath, [maker, folder], { env: whatFunctionsWant, stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * What functions want to find when they are loaded; none of them is called. Nothing of the deployer's own: they have no
 * business with credentials.
 */
const whatFunctionsWant = {
  ...Object.fromEntries(Object.values(EnvironmentVariable).map((name) => [name, '1'])),
  [EnvironmentVariable.namespaces]: JSON.stringify({ 1: { address: 'localhost:7233', secretArn: 'none' } }),
  AWS_REGION: 'us-east-1',
};

let made: { loader: Uint8Array; maker: Uint8Array } | undefined;

function programs() {
  if (made) return made;
  const entries = { loader: 'load-cached-code.ts', maker: 'make-code-cache.ts' };
  const bundles = bundle(
    Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(__dirname, 'cached', file)])),
    { trim: false },
  );
  const code = (name: string) => bundles.get(name)?.code ?? new Uint8Array();
  made = { loader: code('loader'), maker: code('maker') };
  return made;
}
