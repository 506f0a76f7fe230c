// Makes sure that the dependencies match package-lock.json and, with --build, that dist/ matches the sources.
// Plain Node, no dependencies: it runs before they are installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);
const SOURCES = ['libs', 'apps', 'bench'];
/** As one file each they load in a third of the time that a thousand files take; a server starts two of the threads. */
const PROGRAMS = ['apps/server/main', 'apps/server/views.worker', 'apps/server/fellow.worker', 'apps/cli/main', 'apps/demo/main'];
/** What makes up most of those files; other packages stay as they are, as many load parts of themselves in ways of their own. */
const INSIDE = [
  ...['@nestjs/common', '@nestjs/core', '@nestjs/cqrs', '@nestjs/platform-fastify', 'rxjs'],
  ...['class-validator', 'libphonenumber-js', 'typebox', 'validator', 'yaml'],
];
/** Parts of Nest that nobody asks for here, and what it is built on. */
const OUTSIDE = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  '@fastify/*',
  'fastify',
  'find-my-way',
];
/** Jest links every file of a package anew for each spec; these have hundreds. See jest.config.mjs. */
const IN_SPECS = [
  ...['@nestjs/common', '@nestjs/core', '@nestjs/cqrs', '@nestjs/platform-fastify', 'rxjs'],
  ...['typebox', 'typebox/compile', 'typebox/schema', 'typebox/value', 'class-validator'],
];
const installMark = at('node_modules', '.annals-lock');
/** What Node made of the files of the last build; see run.mjs. */
export const compiled = at('dist', '.compiled');
const buildMark = at('dist', '.stamp');
/** What each source was when it was compiled. */
const compiledList = at('dist', '.compiled.json');
const lockDir = at('.annals-build-lock');
const note = (text) => process.stderr.write(`${text}\n`);

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    note(`Annals needs Node.js 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const lockHash = () =>
  createHash('sha256')
    .update(read(at('package-lock.json')))
    .digest('hex');
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Installed by this script from this lock file, or by npm itself after the lock file last changed. */
function isInstalled() {
  if (read(installMark).trim() === lockHash()) return true;
  const byNpm = modified(at('node_modules', '.package-lock.json'));
  if (byNpm === 0 || byNpm < modified(at('package-lock.json'))) return false;
  try {
    writeFileSync(installMark, `${lockHash()}\n`);
  } catch {
    // a read-only checkout: asked again next time
  }
  return true;
}

function sourceFiles(dir, found = []) {
  if (!existsSync(at(dir))) return found;
  for (const entry of readdirSync(at(dir), { withFileTypes: true })) {
    const rel = `${dir}/${entry.name}`;
    if (entry.isDirectory()) sourceFiles(rel, found);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') && !entry.name.endsWith('.spec.ts')) found.push(rel);
  }
  return found;
}

/** What decides how sources are compiled. */
const compilerHash = () =>
  createHash('sha256')
    .update(lockHash())
    .update(read(at('.swcrc')))
    .update(read(fileURLToPath(import.meta.url)))
    .digest('hex');

function timeAndSize(file) {
  const { mtimeMs = 0, size = 0 } = statSync(at(file), { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

/** Every source with its time and size: notices changed, added, renamed and deleted files alike. */
function fingerprint(files) {
  const hash = createHash('sha256').update(compilerHash());
  for (const file of files) hash.update(`${file}\0${timeAndSize(file)}\n`);
  return hash.digest('hex');
}

const allSources = () => SOURCES.flatMap((dir) => sourceFiles(dir)).sort();
const isBuilt = () => read(buildMark).trim() === fingerprint(allSources());

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function withLock(work) {
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(lockDir);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(read(path.join(lockDir, 'pid')));
    const made = modified(lockDir);
    if (owner ? !isAlive(owner) : made > 0 && Date.now() - made > 5000) {
      const aside = `${lockDir}-${process.pid}`;
      try {
        renameSync(lockDir, aside);
        rmSync(aside, { recursive: true, force: true });
      } catch {
        // another process removed it first
      }
      continue;
    }
    if (!waited) note('Waiting for another Annals process that installs or builds...');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lockDir, { recursive: true, force: true });
  process.once('exit', release);
  try {
    writeFileSync(path.join(lockDir, 'pid'), String(process.pid));
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function install() {
  note('Installing dependencies (npm ci)...');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npmCli = process.env.npm_execpath;
  const viaNode = npmCli && /npm-cli\.c?js$/.test(npmCli);
  const done = viaNode
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.error || done.status !== 0) {
    note(`npm ci failed${done.error ? `: ${done.error.message}` : ` with exit code ${done.status}`}.`);
    process.exit(1);
  }
  writeFileSync(installMark, `${lockHash()}\n`);
}

async function build() {
  const started = Date.now();
  const files = allSources();
  const mark = fingerprint(files);
  const { transformFile } = await import('@swc/core');
  const wanted = new Set();
  const compiler = compilerHash();
  const before = existsSync(compiledList) ? JSON.parse(read(compiledList)) : {};
  const known = before.compiler === compiler ? before.files : {};
  const now = Object.fromEntries(files.map((file) => [file, timeAndSize(file)]));
  const outputOf = (file) => file.replace(/\.ts$/, '.js');
  const isKept = (file) => known[file] === now[file] && existsSync(at('dist', outputOf(file)));
  const queue = files.filter((file) => !isKept(file));
  const queued = queue.length;
  for (const file of files.filter(isKept)) for (const end of ['', '.map']) wanted.add(at('dist', `${outputOf(file)}${end}`));
  const emit = (rel, text) => {
    const target = at('dist', rel);
    wanted.add(target);
    mkdirSync(path.dirname(target), { recursive: true });
    const temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, text);
    renameSync(temporary, target);
  };
  const worker = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const out = outputOf(file);
      const toSource = path
        .relative(path.dirname(at('dist', out)), at(file))
        .split(path.sep)
        .join('/');
      const { code, map } = await transformFile(at(file), { cwd: root, configFile: at('.swcrc'), sourceFileName: toSource });
      emit(out, `${code}//# sourceMappingURL=${path.basename(out)}.map\n`);
      emit(`${out}.map`, map);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: 8 }, worker));
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0) {
    for (const { reason } of failed) note(String(reason?.message ?? reason));
    note('The build failed.');
    process.exit(1);
  }
  rmSync(compiled, { recursive: true, force: true });
  for (const { path: file, contents } of await bundled()) emit(path.relative(at('dist'), file), contents);
  for (const dir of [...SOURCES, 'packages']) prune(at('dist', dir), wanted);
  mkdirSync(at('dist'), { recursive: true });
  // the bundler writes programs over what it made them of: those are compiled again each time
  for (const program of PROGRAMS) delete now[`${program}.ts`];
  writeFileSync(compiledList, JSON.stringify({ compiler, files: now }));
  writeFileSync(buildMark, `${mark}\n`);
  note(`Built ${queued} of ${files.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** One file for each, and for what it loads later one beside it. */
async function bundled() {
  const { build: bundle } = await import('esbuild');
  const common = {
    absWorkingDir: root,
    write: false,
    bundle: true,
    external: OUTSIDE,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    mainFields: ['module', 'main'],
    // the paths in dist are those of package.json, not those of the sources
    tsconfigRaw: {},
    // packages of CommonJS ask for modules of Node this way
    banner: { js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);" },
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  };
  const [programs, packages] = await Promise.all([
    bundle({
      ...common,
      entryPoints: Object.fromEntries(PROGRAMS.map((name) => [name, at('dist', `${name}.js`)])),
      outdir: at('dist'),
      chunkNames: 'apps/shared/[name]-[hash]',
      allowOverwrite: true,
      plugins: [apart, whereItWas],
    }),
    bundle({
      ...common,
      entryPoints: Object.fromEntries(IN_SPECS.map((name) => [name, name])),
      outdir: at('dist', 'packages'),
    }),
  ]);
  return [...programs.outputFiles, ...packages.outputFiles].map(({ path: file, contents }) => ({
    path: file,
    contents: file.endsWith('.js') ? namedOnce(Buffer.from(contents).toString('utf8')) : contents,
  }));
}

const NAMING = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';

/**
 * Classes are known by their names, so the bundler keeps those that it changes. It does so for every function too, each time that
 * one is made, which costs a command a twentieth of its time; arrow functions and those that are named right already need nothing.
 */
function namedOnce(text) {
  if (!text.includes('var __name = ')) return text;
  if (!text.includes(NAMING)) throw new Error('The bundler keeps names in another way now; see namedOnce in scripts/ensure.mjs.');
  const needsNone = 'target.prototype === undefined || target.name === value ? target : ';
  return text.replace(NAMING, NAMING.replace('=> ', `=> ${needsNone}`));
}

const apart = {
  name: 'packages that stay outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, importer }) => {
      const packageOf = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
      // Nest would want all of it, for a pipe that nobody uses here
      if (packageOf === 'class-validator' && importer.includes('@nestjs')) return { path: name, external: true };
      return importer.startsWith(at('dist')) && !INSIDE.includes(packageOf) ? { path: name, external: true } : undefined;
    }),
};

/** A module finds its neighbours by its address, which is another one in the file of a program: all of these lie two folders deep. */
const whereItWas = {
  name: 'addresses of modules',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      if (!file.startsWith(at('dist'))) return undefined;
      const source = readFileSync(file, 'utf8');
      const place = path.relative(at('dist'), file).split(path.sep).join('/');
      return { contents: source.replaceAll('import.meta.url', `new URL('../../${place}', import.meta.url).href`) };
    }),
};

/** Removes outputs whose source is gone. */
function prune(dir, wanted) {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) prune(full, wanted);
    else if (!wanted.has(full)) rmSync(full, { force: true });
  }
}

export async function ensure(options = {}) {
  checkNode();
  const ready = () => isInstalled() && (!options.build || isBuilt());
  if (ready()) return;
  await withLock(async () => {
    if (!isInstalled()) install();
    if (options.build && !isBuilt()) await build();
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await ensure({ build: process.argv.includes('--build') });
}
