import { derivedId, streamName } from '#kernel';
import { cloudEvent } from '#runtime/cloud-events';
import { storedFormOf } from '#runtime/envelope';
import type { Registry } from '#runtime/registry';
import { schemaName, topicSchemas, versionsOf } from '#runtime/relay/index';
import { type Sample, sampleId } from '../protected/samples.js';

const HEAD = '// Written by npm run reference from the committed samples; do not edit.\n';
const MOMENT = '2026-01-05T09:00:00.000Z';

/** An event for each sample of each version of each public fact, as a topic has it. `samples` are the committed ones, by schema name. */
export function consumerFixtures(registry: Registry, samples: ReadonlyMap<string, Sample>): string {
  const events = topicSchemas(registry).flatMap(({ topic, facts }) =>
    versionsOf(facts).flatMap(({ type, version }) =>
      (samples.get(schemaName(type, version))?.data ?? []).map((data, index) =>
        cloudEvent(
          storedFormOf({
            id: derivedId('fixture', type, String(version), String(index)),
            type,
            schemaVersion: version,
            // a stream each, so that each can be handled without the others
            stream: streamName(topic, 'main', derivedId('fixture', 'stream', type, String(version), String(index))),
            revision: 0,
            position: `sample00.${'1'.padStart(16, '0')}`,
            occurredAt: MOMENT,
            recordedAt: MOMENT,
            data: JSON.stringify(data),
            metadata: JSON.stringify({
              actor: { kind: 'user', id: 'sample' },
              commandId: derivedId('fixture', 'command', type),
              refs: { [topic]: sampleId(`${topic}Id`) },
            }),
          }),
        ),
      ),
    ),
  );
  const lines = events.map((event) => `  ${JSON.stringify(event)},`);
  return `${HEAD}import type { FactEvent } from '../event.js';\n\n/** Every version of every public fact, with all fields and with the required ones only. */\nexport const events = [\n${lines.join('\n')}\n] as unknown as readonly FactEvent[];\n`;
}
