import { incompatibilities } from './fact-schema.js';
import type { Files } from './protect.js';

interface TopicDocument {
  readonly properties: Readonly<Record<string, object>>;
  readonly oneOf: readonly { readonly title: string }[];
}

/**
 * What in the schemas of topics would break a reader of the committed ones, one sentence each: a topic, an attribute or a version of
 * a fact that is gone or another. Data is protected by the schemas of the facts.
 */
export function brokenTopics(committed: Files, now: Files): readonly string[] {
  return [...committed].flatMap(([path, text]) => {
    const after = now.get(path);
    if (after === undefined) return [`${path}: the topic is gone. Readers rely on it.`];
    const [old, changed] = [text, after].map((one) => JSON.parse(one) as TopicDocument) as [TopicDocument, TopicDocument];
    const titles = new Set(changed.oneOf.map(({ title }) => title));
    return [
      ...old.oneOf.filter(({ title }) => !titles.has(title)).map(({ title }) => `${path}: ${title} is gone. Topics keep it.`),
      ...incompatibilities(envelope(old), envelope(changed)).map(
        ({ path: field, what }) =>
          `${path}: ${field || 'the message'} ${what}. Attributes of events may only be added, as optional ones.`,
      ),
    ];
  });
}

/** Without the list of facts, which grows. */
function envelope({ oneOf: _, properties: { type: __, ...properties }, ...more }: TopicDocument): object {
  return { ...more, properties };
}
