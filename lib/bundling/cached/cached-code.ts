import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import path from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

/** Where compiled code for exactly this V8 is, in the folder of the function. */
export function cacheFile(folder: string): string {
  return path.join(folder, `${process.arch}-${process.version}-${cachedDataVersionTag()}.cache`);
}

/** Compiles `function.js`, or takes what is compiled already. V8 tells by itself whether that is of use to it. */
export function compiled(folder: string, cachedData?: Buffer): Script {
  const filename = path.join(folder, 'function.js');
  return new Script(Module.wrap(readFileSync(filename, 'utf8')), {
    filename,
    cachedData,
  });
}

type Wrapper = (exports: unknown, require: NodeJS.Require, module: NodeJS.Module, file: string, folder: string) => void;

/** Runs it as the module `module`. */
export function run(script: Script, module: NodeJS.Module, folder: string): void {
  const wrapper = script.runInThisContext() as Wrapper;
  wrapper(
    module.exports,
    module.require.bind(module) as NodeJS.Require,
    module,
    path.join(folder, 'function.js'),
    folder,
  );
}
