import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { logEvents } from '#web';

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(inner);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts') ? [inner] : [];
  });

it('every event of the log is in the list of the reference, and none is listed that nothing writes', () => {
  const written = [...sourcesIn('libs/web'), ...sourcesIn('apps/server')].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bevent: '([a-z.-]+)'/g)].map(([, name]) => name as string),
  );
  expect([...new Set(written)].sort()).toEqual(Object.keys(logEvents).sort());
});

it('no line is written without an event', () => {
  for (const file of [...sourcesIn('libs/web'), ...sourcesIn('apps/server')]) {
    const text = readFileSync(file, 'utf8');
    const calls = [...text.matchAll(/logger(?:\?)?\.(?:info|warn|error|debug|fatal)\(([^)]{0,40})/g)];
    for (const [call, first = ''] of calls)
      expect([file, call, /^\s*(\{\s*event|event\b)/.test(first)]).toEqual([file, call, true]);
  }
});
