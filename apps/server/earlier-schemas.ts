import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The committed schemas of facts, by `<type>.v<version>`; empty where the server runs without its documentation. */
export function committedSchemas(): ReadonlyMap<string, object> {
  const folder = join(rootOf(fileURLToPath(import.meta.url)), 'docs', 'reference', 'facts');
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(files.map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
}

/** Sources are in `apps/`, what is built of them in `dist/apps/`. */
function rootOf(file: string): string {
  const root = resolve(file, '..', '..', '..');
  return root.endsWith(`${sep}dist`) ? resolve(root, '..') : root;
}
