import { formatSeconds } from './money.js';

export interface Progress {
  /** `done` of `of`, in any unit; `note` is what else to say. */
  update(done: number, of: number | undefined, note: string): void;
  /** Leaves the last state on the screen (terminals) or says it in one line (elsewhere). */
  end(note: string): void;
}

const WIDTH = 28;
const EVERY = 100;

/** A bar on standard error: redrawn in place on a terminal, one line every few seconds elsewhere, so that logs stay short. */
export function progressBar(title: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now();
  const isTerminal = stream.isTTY === true;
  let shown = 0;
  return {
    update(done, of, note) {
      const now = Date.now();
      if (now - shown < (isTerminal ? EVERY : 5000)) return;
      shown = now;
      const line = `${title} ${barOf(done, of, (now - started) / 1000)}  ${note}`;
      stream.write(isTerminal ? `\r\u001b[2K${line.slice(0, (stream.columns ?? 100) - 1)}` : `${line}\n`);
    },
    end(note) {
      stream.write(`${isTerminal ? '\r\u001b[2K' : ''}${title} ${note}\n`);
    },
  };
}

/** `[███░░░]  47 %  12 s left`; without a total only the bar's place is kept. */
export function barOf(done: number, of: number | undefined, seconds: number): string {
  if (of === undefined || of === 0) return '';
  const share = Math.min(1, done / of);
  const filled = Math.round(share * WIDTH);
  const left = share > 0.01 && share < 1 ? `  ${formatSeconds((seconds / share) * (1 - share))} left` : '';
  return `[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %${left}`;
}
