import { parseArgs } from 'node:util';
import { serveStandIn } from './server.js';

/** A process of its own, so that it can be killed: `main.js --folder f [--port n] [--warm-up ms] [--live-buffer n] [--linger ms] [--attached]`. */
const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'warm-up': { type: 'string', default: '600' },
    'live-buffer': { type: 'string', default: '250' },
    linger: { type: 'string', default: '5000' },
    attached: { type: 'boolean', default: false },
  },
});
if (values.folder === undefined) throw new Error('Say where to keep the log: --folder');
const standIn = await serveStandIn({
  folder: values.folder,
  port: Number(values.port),
  warmUp: Number(values['warm-up']),
  liveBuffer: Number(values['live-buffer']),
});
process.stdout.write(`ready ${standIn.port}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    // E51: it goes on serving for a while.
    setTimeout(() => {
      standIn.end();
      process.exit(0);
    }, Number(values.linger));
  });
}
// It ends with whoever started it, however that ended.
if (values.attached) process.stdin.resume().on('end', () => process.exit(0));
