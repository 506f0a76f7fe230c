import { type ChildProcess, fork } from 'node:child_process';

/** Runs a script of the benchmarks in a process of its own and gives the one message that it sends. */
export function inChild<T>(script: URL, order: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(order)]);
    let answer: { readonly value: T } | undefined;
    child.once('message', (value) => {
      answer = { value: value as T };
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (answer && code === 0) resolve(answer.value);
      else reject(new Error(`${script.pathname.split('/').pop()} ended with code ${code}.`));
    });
  });
}

/** Sends a message to a child that goes on living, and gives the next one that it sends. */
export function askChild<T>(child: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error(`${child.spawnargs.at(-1)?.split('/').pop()} ended before it answered.`));
    child.once('exit', died);
    child.once('message', (answer) => {
      child.off('exit', died);
      resolve(answer as T);
    });
    child.send(message);
  });
}

/** The other end. */
export async function answerParent<O>(work: (order: O) => Promise<object>): Promise<void> {
  const answer = await work(JSON.parse(process.argv[2] ?? '{}') as O);
  await new Promise((sent) => process.send?.(answer, sent));
  process.disconnect();
}

/** The largest memory that this process ever had, in megabytes. */
export const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1_024;
