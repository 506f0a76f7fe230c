import { readFileSync } from 'node:fs';
import type { SettingName } from './settings.js';

/** A setting is wrong; the message has one line for each, with what is allowed. */
export class ConfigRefused extends Error {}

/** The text in a file that a setting names, without the space around it. Throws ConfigRefused. */
export function textIn(name: SettingName, file: string): string {
  try {
    const content = readFileSync(file, 'utf8').trim();
    if (content !== '') return content;
  } catch (error) {
    throw new ConfigRefused(
      `${name} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}). Name a file that this user may read.`,
    );
  }
  throw new ConfigRefused(`${name} names ${file}, which is empty. Write the value into it.`);
}

/** A value as a refusal shows it. */
export function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}
