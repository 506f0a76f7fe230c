import { type Reference, streamName } from '#kernel';
import type { RegisteredCommand } from '../registry.js';
import type { Intake } from './intake.js';
import type { Stream, Streams } from './streams.js';

/** What a decision reads beside its own stream. */
export interface References {
  /** State by the reference's name; the aggregate's first one where no id is named. */
  readonly references: Readonly<Record<string, unknown>>;
  /** `<stream>@<revision>` of each that exists: what the facts were decided upon. */
  readonly inputs: readonly string[];
}

type Declared = readonly [
  name: string,
  { readonly aggregate: { readonly name: string; readonly initial: unknown }; readonly id: Reference<unknown, unknown>['id'] },
];

/** In the order of their declaration: the id of one may depend on the states of those before it. */
export async function referencesOf(
  streams: Streams,
  { aggregate }: RegisteredCommand,
  { command }: Intake,
  { state }: Stream,
  tenant: string,
): Promise<References> {
  const references: Record<string, unknown> = {};
  const inputs: string[] = [];
  for (const [name, { aggregate: other, id: idOf }] of Object.entries(aggregate.references ?? {}) as readonly Declared[]) {
    const id = idOf(command, state, { tenant, read: references }) as string | undefined;
    if (id === undefined) {
      references[name] = other.initial;
      continue;
    }
    const stream = streamName(other.name, tenant, id);
    const read = streams.cached(stream) ?? (await streams.load(stream));
    references[name] = read.state;
    if (read.revision >= 0) inputs.push(`${read.name}@${read.revision}`);
  }
  return { references, inputs };
}
