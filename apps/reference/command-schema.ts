import { commandFields } from '#kernel';
import { compileCommand } from '#runtime/commands/validation';
import type { RegisteredCommand } from '#runtime/registry';
import type { Schema } from './schema-text.js';

/**
 * The shape of a command's body as the server checks it. A command without a route is never checked and may say less: then its
 * fields have a description and no type.
 */
export function commandSchema({ type, aggregate, options }: Pick<RegisteredCommand, 'type' | 'aggregate' | 'options'>): Schema {
  try {
    return compileCommand(type, { id: aggregate.id }).schema as Schema;
  } catch (error) {
    if (options.route !== undefined) throw error;
    const fields = [...commandFields(type)].map(([name, { description, unit }]) => [
      name,
      { description, ...(unit && { 'x-unit': unit }) },
    ]);
    return { properties: Object.fromEntries(fields) };
  }
}
