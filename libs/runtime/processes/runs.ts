import { derivedId, type Recorded, type Step, streamName } from '#kernel';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Stream } from '../commands/streams.js';
import { envelopeOf } from '../envelope.js';
import type { Log } from '../ports.js';
import type { Registry } from '../registry.js';
import type { ProcessInstance } from '../system/process/process-instance.js';
import { send } from './sending.js';

/** What a run takes over from the fact that started it. */
type Origin = Pick<Recorded, 'tenant' | 'occurredAt' | 'correlationId' | 'imported'> & {
  readonly process: string;
  readonly trigger: string;
};

/** Runs of processes: each a stream that says what it means to send and how far it is. */
export class Runs {
  constructor(
    private readonly pipeline: CommandPipeline,
    private readonly log: Log,
    private readonly registry: Registry,
  ) {}

  /** Begins the run of a trigger, or goes on with it: with the steps that it recorded; a newer definition is for newer triggers. */
  async run(
    process: string,
    { id: trigger, tenant, occurredAt, correlationId, imported }: Recorded,
    steps: readonly Step[],
  ): Promise<void> {
    const origin: Origin = { process, trigger, tenant, occurredAt, correlationId, imported };
    const processId = derivedId('process', process, trigger);
    const { streams } = this.pipeline;
    const stream = streamName('process', tenant, processId);
    const isNew = (await streams.load(stream)).revision < 0;
    if (isNew) {
      const intents = steps.map(intentOf);
      await this.pipeline.perform({
        ...requestOf(origin),
        command: 'StartProcess',
        payload: { processId, process, trigger, steps: intents },
        idempotencyKey: `${processId}.start`,
      });
    }
    // Right behind its own append nothing has to be read: what the steps settle is at that revision, or conflicts.
    await this.#goOn(processId, origin, isNew ? streams.lastKnown(stream) : undefined);
  }

  /** Goes on with a run that was stopped and resumed. */
  async resume({ stream, tenant, revision }: Recorded, processId: string): Promise<void> {
    const { streams } = this.pipeline;
    // One can hear of an append before the pipeline has folded it.
    if ((await streams.load(stream)).revision < revision) streams.forget(stream);
    const { process, trigger } = (await streams.load(stream)).state as ProcessInstance;
    const [started] = await this.log.readStream(stream, 0, 1);
    if (!started) throw new Error(`${stream} was resumed and is not there.`);
    const { occurredAt, correlationId, imported } = envelopeOf(started);
    await this.#goOn(processId, { process, trigger, tenant, occurredAt, correlationId, imported });
  }

  async #goOn(processId: string, origin: Origin, known?: Stream): Promise<void> {
    const stream = known ?? (await this.pipeline.streams.load(streamName('process', origin.tenant, processId)));
    const { status, steps } = stream.state as ProcessInstance;
    if (status !== 'RUNNING') return;
    const common = requestOf(origin);
    for (const [index, step] of steps.entries()) {
      if (step.outcome !== 'PENDING') continue;
      const key = step.attempt === 0 ? `${processId}.${index}` : `${processId}.${index}.${step.attempt}`;
      const outcome = await send(this.pipeline, {
        ...common,
        command: step.command,
        payload: step.payload,
        keepsMoment: this.registry.commands.get(step.command)?.options.keepsMoment,
        idempotencyKey: key,
      });
      const { optional, overBy } = step;
      const over = overBy !== undefined && 'refused' in outcome && outcome.refused === overBy.code;
      if (over) {
        const { command, payload } = overBy;
        await send(this.pipeline, { ...common, command, payload, idempotencyKey: `${key}.instead` });
      }
      const stops = 'refused' in outcome && !optional && !over;
      await this.pipeline.perform({
        ...common,
        command: 'SettleStep',
        payload: { processId, index, ...outcome, stops, ...(over && { over }) },
        idempotencyKey: `${key}.settled`,
      });
      if (stops || over) return;
    }
  }
}

const intentOf = ({ command, payload, optional, overBy }: Step) => ({
  command: command.name,
  payload,
  optional,
  ...(overBy && { overBy: { code: overBy.code, command: overBy.instead.command.name, payload: overBy.instead.payload } }),
});

/**
 * What follows from a fact happens when the fact did, or after the last fact of the stream that it changes; what follows from
 * imported history is imported history.
 */
const requestOf = ({ process, trigger, tenant, occurredAt, correlationId, imported }: Origin) => ({
  caller: { tenant, actor: { kind: 'process', id: process }, roles: new Set<never>() } as const,
  occurredAt,
  correlationId,
  causationId: trigger,
  imported,
});
