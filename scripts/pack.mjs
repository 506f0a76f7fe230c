// npm run pack:client, npm run pack:consumer [-- folder]: builds the package of that folder of libs and packs it as npm would publish
// it, into that folder or into dist/packages. Prints the path of the package.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';

const [name, folder = path.join(root, 'dist', 'packages')] = process.argv.slice(2);
if (name !== 'client' && name !== 'consumer') throw new Error('Usage: node scripts/pack.mjs client|consumer [folder]');
const source = path.join(root, 'libs', name);
const target = path.resolve(folder);

await ensure();
mkdirSync(target, { recursive: true });
const built = mkdtempSync(path.join(tmpdir(), `annals-pack-${name}-`));
try {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', source, '--outDir', built], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  for (const file of ['package.json', 'README.md']) copyFileSync(path.join(source, file), path.join(built, file));
  copyFileSync(path.join(root, 'LICENSE'), path.join(built, 'LICENSE'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', target], {
      cwd: built,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  process.stdout.write(`${path.join(target, packed.filename)}\n`);
} finally {
  rmSync(built, { recursive: true, force: true });
}
