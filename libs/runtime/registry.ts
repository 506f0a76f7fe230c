import {
  type AnyAggregate,
  type AnyFactType,
  type AnyProcess,
  type AnyView,
  type CommandClass,
  type CommandOptions,
  type Context,
  commandOptions,
} from '#kernel';
import { onAnyStream } from './system/any-stream.js';

export interface RegisteredCommand {
  readonly name: string;
  readonly type: CommandClass;
  readonly options: CommandOptions;
  readonly aggregate: AnyAggregate;
  readonly context: Context;
}

/** All definitions, by name. Made once at start; a clash of names stops the start. */
export interface Registry {
  readonly contexts: readonly Context[];
  readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  readonly commands: ReadonlyMap<string, RegisteredCommand>;
  readonly facts: ReadonlyMap<string, AnyFactType>;
  /** Fact type → the aggregate whose streams hold it. */
  readonly aggregateOfFact: ReadonlyMap<string, AnyAggregate>;
  readonly views: ReadonlyMap<string, AnyView>;
  readonly processes: ReadonlyMap<string, AnyProcess>;
}

const AGGREGATE_NAME = /^[a-z][A-Za-z0-9]*$/;

export function registryOf(contexts: readonly Context[]): Registry {
  const aggregates = new Map<string, AnyAggregate>();
  const commands = new Map<string, RegisteredCommand>();
  const facts = new Map<string, AnyFactType>(onAnyStream);
  const aggregateOfFact = new Map<string, AnyAggregate>();
  const views = new Map<string, AnyView>();
  const processes = new Map<string, AnyProcess>();

  for (const context of contexts) {
    for (const aggregate of context.aggregates ?? []) {
      if (!AGGREGATE_NAME.test(aggregate.name))
        throw new Error(`Aggregate name ${aggregate.name} must match ${AGGREGATE_NAME.source}.`);
      add(aggregates, 'aggregate', aggregate.name, aggregate);
      for (const [name, type] of Object.entries(aggregate.commands) as [string, CommandClass][]) {
        if (name !== type.name) throw new Error(`${aggregate.name} lists ${type.name} as ${name}; use its own name.`);
        add(commands, 'command', name, { name, type, options: commandOptions(type), aggregate, context });
      }
      for (const [name, fact] of Object.entries(aggregate.facts) as [string, AnyFactType][]) {
        if (name !== fact.type) throw new Error(`${aggregate.name} lists the fact ${fact.type} as ${name}; use its own name.`);
        add(facts, 'fact', fact.type, fact);
        aggregateOfFact.set(fact.type, aggregate);
      }
    }
    for (const view of context.views ?? []) add(views, 'view', view.name, view);
    for (const process of context.processes ?? []) add(processes, 'process', process.name, process);
  }
  return { contexts, aggregates, commands, facts, aggregateOfFact, views, processes };
}

function add<T>(names: Map<string, T>, kind: string, name: string, thing: T): void {
  if (names.has(name)) throw new Error(`Two definitions of the ${kind} ${name}; names are unique in the system.`);
  names.set(name, thing);
}
