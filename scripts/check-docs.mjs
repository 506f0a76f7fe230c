// npm run docs:check: links and file names in all Markdown pages lead somewhere, and the commands in them work.
//
//   ```sh run        is run against a server of its own for each page, in the order of the page, in one shell; it must succeed.
//                    There are $ANNALS_URL, $ANNALS_TOKEN, $ANNALS_DATA, $ANNALS_SECRETS and $TMPDIR.
//   ```text shows    after it: each of its lines must be in what the command printed; … stands for anything, space for any space.
//   ```diff applies  git can apply it to this tree, or take it back where it was applied.
//
// --links only looks at links; page names as arguments only look at these pages.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);
const START_WITHIN = 60_000;
const PAGE_WITHIN = 180_000;

const faults = [];
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const pages = markdownBelow('.').filter((page) => names.length === 0 || names.some((name) => page.endsWith(name)));
const read = new Map();
const textOf = (page) => read.get(page) ?? read.set(page, readFileSync(path.join(root, page), 'utf8')).get(page);

let ran = 0;

async function check() {
  for (const page of pages) checkLinks(page);
  for (const page of pages) checkDiffs(page);
  if (!process.argv.includes('--links')) await runCommands();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(
    `${pages.length} pages, ${ran} commands: ${faults.length === 0 ? 'all right' : `${faults.length} faults`}.\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function markdownBelow(folder, found = []) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const inner = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) markdownBelow(inner, found);
    else if (entry.name.endsWith('.md')) found.push(inner);
  }
  return found.sort();
}

// ---- links ----

function checkLinks(page) {
  const prose = withoutCode(textOf(page));
  for (const [, target] of prose.matchAll(/\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file, anchor] = target.split('#');
    const to = file === '' ? page : path.posix.normalize(path.posix.join(path.posix.dirname(page), decodeURIComponent(file)));
    if (!existsSync(path.join(root, to))) faults.push(`${page}: ${target} leads nowhere.`);
    else if (anchor && to.endsWith('.md') && !anchorsOf(to).has(anchor)) faults.push(`${page}: ${to} has no heading #${anchor}.`);
  }
  // File names in backticks, generated pages apart: what a page says exists does.
  if (page.startsWith('docs/reference/')) return;
  for (const [, name] of prose.matchAll(/`((?:apps|bench|docs|libs|mappings|samples|scripts|test)\/[^`\s]*)`/g)) {
    if (/[<>*{}…$]/.test(name) || isMade(name)) continue;
    if (!existsSync(path.join(root, name.replace(/:\d+$/, '')))) faults.push(`${page}: there is no ${name}.`);
  }
}

/** Written by a run, so not in a fresh clone. */
const isMade = (name) => name.startsWith('bench/results');

const withoutCode = (text) => text.replaceAll(/^(```+)[^\n]*\n[\s\S]*?^\1\s*$/gm, '');

function anchorsOf(page) {
  const seen = new Map();
  const anchors = new Set();
  for (const [, heading] of withoutCode(textOf(page)).matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = plain
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

// ---- diffs ----

function checkDiffs(page) {
  for (const { info, body } of fencesOf(page)) {
    if (info !== 'diff applies') continue;
    const fits = [[], ['--reverse']].some((way) => {
      const applied = spawnSync('git', ['apply', '--check', ...way, '-'], { cwd: root, input: body });
      return applied.status === 0;
    });
    if (!fits) faults.push(`${page}: its diff neither applies to this tree nor was applied to it.`);
  }
}

// ---- commands ----

async function runCommands() {
  const withCommands = pages.map((page) => ({ page, commands: commandsOf(page) })).filter(({ commands }) => commands.length > 0);
  if (withCommands.length === 0) return;
  // the tutorial alone takes as long as ten others: nothing waits for it at the end
  withCommands.sort((one, other) => other.commands.length - one.commands.length);
  if (!existsSync(path.join(root, 'apps', 'server', 'main.ts'))) {
    process.stdout.write('There is no server in this tree; the commands of the pages were not run.\n');
    return;
  }
  await ensure({ build: true });
  const npx = spawnSync('npx', ['--no-install', 'annals', '--version'], { cwd: root, encoding: 'utf8' });
  if (npx.status !== 0) faults.push(`npx annals does not work in this folder:\n${indented(npx.stderr)}`);
  const atOnce = Math.min(2, availableParallelism());
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = withCommands.shift(); next; next = withCommands.shift()) await runPage(next.page, next.commands);
    }),
  );
}

function commandsOf(page) {
  const fences = fencesOf(page);
  return fences.flatMap(({ info, body }, index) => {
    const next = fences[index + 1];
    const shows = next?.info === 'text shows' ? next.body.split('\n').filter((line) => line.trim() !== '') : [];
    return info === 'sh run' ? [{ body, shows }] : [];
  });
}

const fencesOf = (page) =>
  [...textOf(page).matchAll(/^(```+)([^\n]*)\n([\s\S]*?)^\1\s*$/gm)].map(([, , info, body]) => ({ info: info.trim(), body }));

async function runPage(page, commands) {
  const folder = mkdtempSync(path.join(tmpdir(), 'annals-docs-'));
  const env = {
    ...process.env,
    ANNALS_DATA: path.join(folder, 'data'),
    ANNALS_SECRETS: path.join(folder, 'secrets'),
    ANNALS_PORT: '0',
    ANNALS_LOG_LEVEL: 'warn',
    TMPDIR: folder,
    NO_UPDATE_NOTIFIER: '1',
    npm_config_loglevel: 'error',
  };
  const server = spawn(process.execPath, [path.join(root, 'scripts', 'run.mjs'), 'dist/apps/server/main.js'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    const url = await urlOf(path.join(env.ANNALS_DATA, 'server.json'), server);
    if (url === undefined) {
      faults.push(`${page}: the server did not start.\n${said}`);
      return;
    }
    const token = readFileSync(path.join(env.ANNALS_SECRETS, 'admin.token'), 'utf8').trim();
    await runShell(page, commands, folder, {
      ...env,
      PATH: `${shortcut(folder)}:${env.PATH}`,
      ANNALS_URL: url,
      ANNALS_TOKEN: token,
    });
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm takes more than a second to find `npx annals`, which was tried once; the pages skip the search. */
function shortcut(folder) {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nif [ "$1" != annals ]; then exec npm exec -- "$@"; fi\nshift\nexec node '${path.join(root, 'scripts', 'annals.mjs')}' "$@"\n`;
  writeFileSync(path.join(bin, 'npx'), script, { mode: 0o755 });
  return bin;
}

async function urlOf(file, server) {
  for (const until = Date.now() + START_WITHIN; Date.now() < until && server.exitCode === null; ) {
    const url = existsSync(file) && statSync(file).size > 0 ? JSON.parse(readFileSync(file, 'utf8')).url : undefined;
    // One whose start takes long answers before it is ready.
    if (url !== undefined && (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

/** One shell for the page, so that variables last; each command writes to a file of its own and stops the page if it fails. */
async function runShell(page, commands, folder, env) {
  const printed = (index) => path.join(folder, `printed.${index}`);
  const steps = commands.map(
    ({ body }, index) => `{\n${body}\n} > '${printed(index)}' 2>&1 </dev/null\necho ${index} > '${folder}/reached'`,
  );
  const script = path.join(folder, 'page.sh');
  writeFileSync(script, `set -euo pipefail\n${steps.join('\n')}\n`);
  const shell = spawn('bash', [script], { cwd: root, env, stdio: 'ignore', timeout: PAGE_WITHIN });
  const code = await new Promise((resolve) => shell.once('exit', (status, signal) => resolve(status ?? signal)));
  const reached = existsSync(`${folder}/reached`) ? Number(readFileSync(`${folder}/reached`, 'utf8')) + 1 : 0;
  ran += reached;
  for (const [index, { body, shows }] of commands.slice(0, reached).entries()) {
    const output = readFileSync(printed(index), 'utf8');
    for (const line of shows)
      if (!asPattern(line).test(output))
        faults.push(`${page}: after\n${indented(body)}this was not shown:\n${indented(line)}but\n${indented(output)}`);
  }
  if (code !== 0) {
    const output = existsSync(printed(reached)) ? readFileSync(printed(reached), 'utf8') : '';
    faults.push(`${page}: failed (${code}):\n${indented(commands[reached]?.body ?? '')}${indented(output)}`);
  }
}

const asPattern = (line) =>
  new RegExp(
    line
      .trim()
      .split(/(…|\s+)/)
      .map((part) => (part === '…' ? '.*' : /^\s+$/.test(part) ? '\\s+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join(''),
  );

const indented = (text) => `${text.trimEnd().replaceAll(/^/gm, '    ')}\n`;

await check();
