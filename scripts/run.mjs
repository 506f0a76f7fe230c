// node scripts/run.mjs <entry> [args]: installs and builds what is out of date, then runs the entry in this process,
// so that signals and the exit code are the entry's own.
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled, ensure, root } from './ensure.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  process.stderr.write('Usage: node scripts/run.mjs <entry> [arguments]\n');
  process.exit(2);
}
await ensure({ build: true });
const file = path.resolve(root, entry);
process.argv = [process.execPath, file, ...args];
process.setSourceMapsEnabled(true);
// since Node 22.1: the next start need not compile the same again
module.enableCompileCache?.(compiled);
await import(pathToFileURL(file).href);
