import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Files } from './protected/protect.js';
import type { Source } from './refusals.js';

/** The files below some folders whose names end so, by path from the root. */
export function filesBelow(root: string, folders: readonly string[], ending: string): Source[] {
  const found: Source[] = [];
  const look = (folder: string) => {
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') look(path);
      } else if (entry.name.endsWith(ending))
        found.push({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') });
    }
  };
  for (const folder of folders) look(join(root, folder));
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

export const asFiles = (sources: readonly Source[]): Files => new Map(sources.map(({ path, text }) => [path, text]));

/**
 * Files below some folders as a commit had them; undefined where git, the repository or the commit is not there (a shallow clone,
 * an archive).
 */
export function committedFiles(root: string, ref: string, folders: readonly string[]): Files | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 256 * 1024 * 1024 });
  try {
    git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
    const paths = git('ls-tree', '-r', '-z', '--name-only', ref, '--', ...folders)
      .split('\0')
      .filter((path) => path.endsWith('.json'));
    return new Map(paths.map((path) => [path, git('show', `${ref}:${path}`)]));
  } catch {
    return undefined;
  }
}

/** Writes those that differ; gives how many. */
export function writeFiles(root: string, files: Files): number {
  let written = 0;
  for (const [path, text] of files) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    written += 1;
  }
  return written;
}

export const removeFile = (root: string, path: string): void => rmSync(join(root, path), { force: true });
