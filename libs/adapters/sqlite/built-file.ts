import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The compiled module beside `from` (an `import.meta.url`). Worker threads run the build: where the sources themselves
 * are loaded, as in specs, that is the same path under `dist`.
 */
export function builtFile(from: string, name: string): URL {
  if (!from.endsWith('.ts')) return new URL(name, from);
  const source = fileURLToPath(new URL(name, from));
  const root = Math.max(...['libs', 'apps', 'bench'].map((folder) => source.lastIndexOf(`${sep}${folder}${sep}`)));
  const built = `${source.slice(0, root)}${sep}dist${source.slice(root)}`;
  return pathToFileURL(built.replace(/\.ts$/, '.js'));
}
