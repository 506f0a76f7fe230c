// npm run pack:consumer [-- folder]: builds @annals/consumer into dist/packages/consumer and packs it as npm would publish it,
// into that folder or into dist/packages. Prints the path of the package.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';

const source = path.join(root, 'libs', 'consumer');
const built = path.join(root, 'dist', 'packages', 'consumer');
const target = path.resolve(process.argv[2] ?? path.dirname(built));

await ensure();
rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
mkdirSync(target, { recursive: true });
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', source], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
for (const name of ['package.json', 'README.md']) copyFileSync(path.join(source, name), path.join(built, name));
copyFileSync(path.join(root, 'LICENSE'), path.join(built, 'LICENSE'));
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', target], {
    cwd: built,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }),
);
process.stdout.write(`${path.join(target, packed.filename)}\n`);
