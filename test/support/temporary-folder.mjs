import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the run a folder for all that its specifications write, and removes it at the end: the workers are ended without a word. */
export default function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'annals-test-'));
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}
