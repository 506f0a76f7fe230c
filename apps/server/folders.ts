import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder (absolute path) and those above it, mode 0700. Throws the error of the system. One step at a time: the
 * recursive call of Node never returns where a file system like /proc answers that the parent is missing.
 */
export function makeFolders(folder: string): void {
  const missing: string[] = [];
  for (let above = folder; !isFolder(above); above = dirname(above)) {
    missing.unshift(above);
    if (dirname(above) === above) break;
  }
  for (const one of missing) mkdirSync(one, { mode: 0o700 });
}

/** Whether a place is a folder or lies inside it; both absolute paths. */
export const isWithin = (place: string, folder: string): boolean => `${place}/`.startsWith(`${folder}/`);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
