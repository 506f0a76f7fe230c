// Runs the stand-in for EventStoreDB of test/stand-ins, which the build leaves out: node scripts/stand-in.mjs --folder f [--port n] …
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { root } from './ensure.mjs';

const sources = path.join(root, 'test/stand-ins/eventstoredb');
const target = path.join(root, 'dist/test/stand-ins/eventstoredb');
mkdirSync(target, { recursive: true });
const swc = JSON.parse(readFileSync(path.join(root, '.swcrc'), 'utf8'));
for (const name of readdirSync(sources).filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts'))) {
  const { code } = transformSync(readFileSync(path.join(sources, name), 'utf8'), { ...swc, swcrc: false });
  writeFileSync(path.join(target, name.replace(/\.ts$/, '.js')), code);
}
await import(pathToFileURL(path.join(target, 'main.js')).href);
