import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { builtFile } from '#adapters/sqlite';
import { remoteFellow, type StartFellow } from '#runtime/views/index';

/** Megabytes of a fellow's heap. A part that needs more is folded by the owner of the build. */
const MEMORY = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 80 };

/** Threads that do a part of what this one builds, one at a time, each for one build. None where there is one core for all. */
export function fellows(onError: (error: unknown) => void): StartFellow {
  let runs = false;
  return () => {
    if (runs || availableParallelism() === 1) return undefined;
    runs = true;
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(builtFile(import.meta.url, './fellow.worker.js'), {
      workerData: port2,
      transferList: [port2],
      resourceLimits: MEMORY,
    });
    worker.on('error', (error) => {
      onError(error);
      port1.close();
    });
    worker.once('exit', () => {
      runs = false;
    });
    return remoteFellow(port1);
  };
}
