import type { JsonSchema } from '#runtime/commands/validation';

/** What the schemas of the routes are written with. */
export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
export const whole = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'integer', description, ...more });
export const flag = (description: string): JsonSchema => ({ type: 'boolean', description });
export const choice = (values: readonly string[], description: string): JsonSchema => ({
  type: 'string',
  enum: values,
  description,
});
export const list = (items: JsonSchema, description?: string): JsonSchema => ({
  type: 'array',
  items,
  ...(description && { description }),
});
export const moment = (description: string) => text(description, { format: 'date-time' });
export const uuid = (description: string) => text(description, { format: 'uuid' });
export const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({
  type: 'object',
  properties,
  required,
});

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const actor = object({
  kind: choice(['user', 'service', 'process', 'customer'], 'What kind of actor.'),
  id: text('Internal id.'),
});
