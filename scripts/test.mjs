// Runs the Jest suite; arguments are passed through: npm test -- libs/kernel -t "some name"
// --as-built leaves dist/ as it is, for tests that start nothing of what was changed there.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';

const asBuilt = process.argv.includes('--as-built');
await ensure({ build: !asBuilt });
const jest = path.join(path.dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const args = process.argv.slice(2).filter((arg) => arg !== '--as-built');
const child = spawn(process.execPath, [...flags, jest, ...args], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
