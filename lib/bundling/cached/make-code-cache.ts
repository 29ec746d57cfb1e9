import { writeFileSync } from 'node:fs';
import { cacheFile, compiled, run } from './cached-code';

/* Loads the function in a folder and writes down what V8 has compiled of it. Argument: the folder. */

const [folder = ''] = process.argv.slice(2);
const script = compiled(folder);
run(script, module, folder);
writeFileSync(cacheFile(folder), script.createCachedData());
// What the function has begun, a log or a client, must not keep this alive.
process.exit();
