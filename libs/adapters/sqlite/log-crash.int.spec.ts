import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredFact } from '#runtime/ports';
import { readEverything } from '../../../test/contract/log.contract.js';
import { builtFile, logFileIn, openSqliteLog, verifySqlite } from './index.js';

describe('a SQLite log whose process is killed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'annals-crash-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has every acknowledged append once, whole and in its place, after each of six kills', async () => {
    const acknowledged = new Map<string, string>();
    let before: readonly StoredFact[] = [];
    for (const appends of [1, 40, 400, 1500, 3000, 700]) {
      for (const line of await killAfter(folder, appends)) {
        const [stream, revision, id] = line.split(' ');
        acknowledged.set(`${stream} ${revision}`, id ?? '');
      }
      const log = await openSqliteLog({ folder });
      const all = await readEverything(log);
      await log.close();
      const found = new Map(all.map(({ stream, revision, id }) => [`${stream} ${revision}`, id]));
      expect([...acknowledged].filter(([place, id]) => found.get(place) !== id)).toEqual([]);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      expect(all.slice(0, before.length)).toEqual(before);
      expect(halfWritten(all)).toEqual([]);
      before = all;
    }
    expect(acknowledged.size).toBeGreaterThan(10_000);
    expect(verifySqlite(logFileIn(folder))).toBe('log');
  }, 60_000);
});

/** The lines that the child said in full, when it was killed after so many of its appends. */
function killAfter(folder: string, appends: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [fileURLToPath(builtFile(import.meta.url, './log-crash.child.js')), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      said.push(chunk);
      for (const byte of chunk) if (byte === 10) lines += 1;
      if (lines > appends * 2) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error('The child ended by itself.'));
      const whole = Buffer.concat(said).toString().split('\n').slice(1, -1);
      resolve(whole);
    });
  });
}

/** Every append of the child has two facts: a stream with an odd number of them holds half of one. */
function halfWritten(all: readonly StoredFact[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { stream } of all) counts.set(stream, (counts.get(stream) ?? 0) + 1);
  return [...counts].filter(([, count]) => count % 2 === 1).map(([stream]) => stream);
}
