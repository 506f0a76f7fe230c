import type { TopicMessage } from '#runtime/ports';

/**
 * Names in the broker. `annals.…` are topics for everybody, `annals-relay…` belong to the relay: a pattern over the first
 * (`^annals\.`) never meets the second.
 */
export class Names {
  constructor(private readonly prefix: string) {
    if (!/^[a-z0-9][a-z0-9_]*$/.test(prefix))
      throw new Error(`A prefix of topics is lower case letters, digits and _; not ${prefix}.`);
  }

  /** `annals.<tenant>.<aggregate>`, from the second generation on with `.g<number>` behind it. */
  topic({ tenant, aggregate }: Pick<TopicMessage, 'tenant' | 'aggregate'>, generation: number): string {
    return `${this.prefix}.${tenant}.${aggregate}${generation === 1 ? '' : `.g${generation}`}`;
  }

  /** Which generation a topic is of; undefined for one that is not ours. */
  generationOf(topic: string): number | undefined {
    const [prefix, tenant, aggregate, generation = 'g1', ...more] = topic.split('.');
    const number = /^g([1-9]\d*)$/.exec(generation)?.[1];
    if (prefix !== this.prefix || !tenant || !aggregate || more.length > 0 || number === undefined) return undefined;
    return Number(number);
  }

  /** Which generations there are; transactional id of who may change that. */
  get register(): string {
    return `${this.prefix}-relay`;
  }

  /** The checkpoints of a generation, a partition a shard. */
  checkpoints(generation: number): string {
    return `${this.prefix}-relay.g${generation}`;
  }

  transactionalId(generation: number, shard: number): string {
    return `${this.prefix}-relay.g${generation}.${shard}`;
  }
}
