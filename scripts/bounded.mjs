import { spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set();
process.on('exit', () => {
  for (const child of running) end(child);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/**
 * Runs Node with these arguments for at most so many milliseconds; then it and all that it started, which may hold its output open, are
 * killed. Gives what it wrote to stderr.
 */
export async function bounded(args, { cwd, milliseconds }) {
  // a group of its own, so that all of it can be ended at once
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  running.add(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    end(child);
  }, milliseconds);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  running.delete(child);
  return { code, said, hung };
}

function end({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
