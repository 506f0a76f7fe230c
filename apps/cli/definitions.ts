import 'reflect-metadata';
import { contexts } from '#contexts';
import { type Registry, registryOf } from '#runtime/registry';
import { systemContext } from '#runtime/system/system.context';

let registry: Registry | undefined;

/** All definitions of this version: verbs, mappings and money columns follow from them. */
export function definitions(): Registry {
  registry ??= registryOf([...contexts, systemContext]);
  return registry;
}
