import { isId, streamName, tenantOf } from '#kernel';
import type { Annals, FactService, ParkedProcessStream, ProcessState } from '../annals.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { Problem } from '../problem.js';
import type { ProcessInstance } from '../system/process/process-instance.js';
import type { ProcessRunner } from './runner.js';

const LOOK_AGAIN = 100;

/** What can be asked of processes, and the release of what they parked. */
export function processService(
  { streams }: Pick<CommandPipeline, 'streams'>,
  runner: ProcessRunner,
  facts: FactService,
): Annals['processes'] {
  return {
    state: stateOf,
    parked: () => runner.parked().map(told),
    listParked: async () => (await runner.listParked()).map(told),
    stopped: () => runner.stopped(),

    async settled(tenant, id, milliseconds) {
      const deadline = Date.now() + milliseconds;
      for (;;) {
        const head = await facts.head();
        const state = await stateOf(tenant, id);
        const left = deadline - Date.now();
        if ((state && state.status !== 'RUNNING') || left <= 0) return state;
        // One can hear of an append before the pipeline has folded it, so that the last one may go unseen at first.
        await facts.moved(head, Math.min(left, LOOK_AGAIN));
      }
    },

    async release(process, stream) {
      const released = await runner.release(process, stream);
      if (!released)
        throw new Problem(404, 'not-parked', 'No such process has parked this stream; the list names those that are.');
      return released;
    },
  };

  async function stateOf(tenant: string, id: string): Promise<ProcessState | undefined> {
    if (!isId(id)) return undefined;
    const { state } = await streams.load(streamName('process', tenant, id));
    const { status, process, trigger, steps } = state as ProcessInstance;
    if (status === 'NONE') return undefined;
    const told = steps.map((step) => (step.outcome === 'PENDING' ? { command: step.command, outcome: step.outcome } : step));
    return { id, process, trigger, status, steps: told };
  }
}

const told = ({ process, stream, position, facts, error }: ReturnType<ProcessRunner['parked']>[number]): ParkedProcessStream => ({
  process,
  tenant: tenantOf(stream),
  stream,
  position,
  facts,
  error,
});
