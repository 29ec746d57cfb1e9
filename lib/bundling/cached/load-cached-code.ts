import { readFileSync } from 'node:fs';
import { cacheFile, compiled, run } from './cached-code';

/* What Lambda takes for the function: runs `function.js` beside it, whose `handler` becomes this module's. */

let cachedData: Buffer | undefined;
try {
  cachedData = readFileSync(cacheFile(__dirname));
} catch {
  // Made for another Node.js or another processor: this one compiles for itself.
}
run(compiled(__dirname, cachedData), module, __dirname);
