import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const whereDisksAreFull = existsSync('/dev/full') ? it : it.skip;

whereDisksAreFull('says in words that the output cannot be written, and fails', () => {
  const full = openSync('/dev/full', 'w');
  const args = ['dist/apps/cli/main.js', '--help'];
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'The output cannot be written (ENOSPC).\n' });
});
