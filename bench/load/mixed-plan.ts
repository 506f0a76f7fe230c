import type { NextRequest } from './plans.js';

/** Twenty requests of a connection: what people at work do, 14 reads and 6 commands. */
const TURN = [
  'document',
  'list',
  'correct',
  'own write',
  'document',
  'group',
  'open',
  'own write',
  'list',
  'document',
  'correct',
  'own write',
  'list',
  'past',
  'register',
  'document',
  'open',
  'own write',
  'list',
  'correct',
] as const;

export const READS = ['document', 'list', 'own write', 'group', 'past'] as const;
export const WRITES = ['correct', 'open', 'register'] as const;

type Read = (typeof READS)[number];
type Commands = Readonly<Record<(typeof WRITES)[number], NextRequest>>;

/** `own write` asks for the document of the command before it, waiting for its position; without commands it is one document more. */
export function mixedPlan(
  plan: 'mixed' | 'reads' | 'writes',
  commands: Commands,
  streams: readonly string[],
  moments: readonly string[],
  connection: number,
): NextRequest {
  const wanted: readonly string[] = plan === 'reads' ? READS : plan === 'writes' ? WRITES : TURN;
  const turn = TURN.filter((kind) => wanted.includes(kind));
  // connections do not all do the same at the same time
  let number = connection * 3;
  let ownWrite: string | undefined;
  const one = (of: readonly string[]) => of[number % of.length];
  const reads: Readonly<Record<Read, () => string>> = {
    document: () => `/${one(streams)}`,
    list: () => '?phase=PROSPECTING&sort=-amount&limit=20',
    'own write': () => ownWrite ?? reads.document(),
    group: () => '?group=phase&sum=amount,weighted',
    past: () => `?group=phase&sum=amount&asOf=${one(moments)}`,
  };
  return (last) => {
    if (last && ownWrite === WRITTEN) {
      const { id, position } = JSON.parse(last.body.toString()) as { readonly id: string; readonly position: string };
      ownWrite = `/${id}?minPosition=${position}`;
    }
    const kind = turn[number++ % turn.length] as (typeof TURN)[number];
    if (!isRead(kind)) {
      ownWrite = WRITTEN;
      return { ...commands[kind](), kind };
    }
    return { path: `/v1/views/pipeline${reads[kind]()}`, kind };
  };
}

/** A command is on its way. */
const WRITTEN = '';

const isRead = (kind: (typeof TURN)[number]): kind is Read => (READS as readonly string[]).includes(kind);
