import type { Generation, GenerationSpec, StoredDocument } from '#runtime/ports';

export const STEPS_VIEW: GenerationSpec = {
  view: 'steps',
  version: 1,
  hash: 'steps-1',
  filters: [{ field: 'step', kind: 'integer' }],
  sums: {},
};

export const DOCUMENTS_A_STEP = 300;

/**
 * One more step: all documents say its number, and so does the checkpoint. A commit that is lost, doubled or torn shows as a
 * difference between them. Gives the number.
 */
export async function takeStep(generation: Generation, token: number): Promise<number> {
  const from = await generation.checkpoint();
  const step = stepOf(from) + 1;
  const [seen] = await generation.load([{ tenant: 'acme', space: 'shown', key: keyOf(0) }]);
  const counted = seen ? (JSON.parse(seen.json) as { readonly counted: number }).counted + 1 : 1;
  const put = Array.from({ length: DOCUMENTS_A_STEP }, (_, index) => document(index, step, counted));
  await generation.commit({ from, to: positionOf(step), token, put, remove: [], park: [], release: [] });
  return step;
}

/** What the documents say, which is one number if nothing is torn, and the checkpoint's. */
export async function stepsIn(generation: Generation): Promise<{ readonly said: readonly string[]; readonly at: number }> {
  const documents = await generation.scan('shown', undefined, DOCUMENTS_A_STEP + 1);
  return { said: [...new Set(documents.map(({ json }) => json))], at: stepOf(await generation.checkpoint()) };
}

export const saidAt = (step: number): string => `{"counted":${step},"step":${step}}`;

const document = (index: number, step: number, counted: number): StoredDocument => ({
  tenant: 'acme',
  space: 'shown',
  key: keyOf(index),
  json: JSON.stringify({ counted, step }),
  position: positionOf(step),
});

const keyOf = (index: number) => `document-${index}`;
const positionOf = (step: number) => `abcdefgh.${String(step).padStart(16, '0')}`;
const stepOf = (position: string | undefined) => Number(position?.split('.')[1] ?? 0);
