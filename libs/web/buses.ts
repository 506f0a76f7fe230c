import 'reflect-metadata';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { CommandBus, CommandHandler, CqrsModule, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { AnyView } from '#kernel';
import type { Annals } from '#runtime/annals';
import type { RegisteredCommand } from '#runtime/registry';
import type { CommandAnswer, CommandRequest, ViewAnswer, ViewRequest } from '#runtime/requests';

/** Asks a view through the QueryBus; each view has a class of its own, `PipelineQuery` for `pipeline`. */
export abstract class ViewQuery {
  constructor(readonly request: ViewRequest) {}
}

/** The buses of `@nestjs/cqrs`, with one handler a command and one a view, made from the definitions. */
export class Buses {
  readonly #queries: ReadonlyMap<string, Type<ViewQuery>>;

  private constructor(
    private readonly commandBus: CommandBus,
    private readonly queryBus: QueryBus,
    queries: ReadonlyMap<string, Type<ViewQuery>>,
  ) {
    this.#queries = queries;
  }

  /** A Nest module that imports `CqrsModule` and provides the handlers and `Buses`. */
  static moduleOf(annals: Annals): DynamicModule {
    class BusesModule {}
    const { commands, views } = annals.registry;
    const queries = new Map([...views.values()].map((view) => [view.name, queryClass(view)]));
    const handlers = [
      ...[...commands.values()]
        .filter(({ options }) => options.route !== undefined)
        .map((command) => commandHandler(command, annals)),
      ...[...queries].map(([name, query]) => queryHandler(name, query, annals)),
    ];
    const buses: Provider = {
      provide: Buses,
      useFactory: (commandBus: CommandBus, queryBus: QueryBus) => new Buses(commandBus, queryBus, queries),
      inject: [CommandBus, QueryBus],
    };
    return { module: BusesModule, imports: [CqrsModule.forRoot()], providers: [...handlers, buses], exports: [Buses] };
  }

  /** Sends the command class's instance through the CommandBus; what the surface knows of the request travels beside it. */
  send({ type }: RegisteredCommand, request: CommandRequest): Promise<CommandAnswer> {
    const { payload } = request;
    // a field of that name, which no command has, would take the instance away from its class
    const fields = Object.hasOwn(payload, '__proto__') ? {} : payload;
    return this.commandBus.execute(Object.assign(Object.create(type.prototype), fields, { [REQUEST]: request }));
  }

  ask(request: ViewRequest): Promise<ViewAnswer> {
    const Query = this.#queries.get(request.view);
    if (!Query) throw new Error(`No view ${request.view} is registered.`);
    return this.queryBus.execute(new Query(request));
  }
}

/** Where a command in the bus carries what the surface knows of its request. */
const REQUEST = Symbol('request');

function commandHandler({ name, type }: RegisteredCommand, annals: Annals): Provider {
  class Handler {
    async execute({ [REQUEST]: request }: { readonly [REQUEST]?: CommandRequest }): Promise<CommandAnswer> {
      if (!request) throw new Error(`${name} came without its caller; send it with Buses.send.`);
      return annals.commands.execute(request);
    }
  }
  return provided(`${name}Handler`, CommandHandler(type), Handler, () => new Handler());
}

function queryHandler(name: string, query: Type<ViewQuery>, annals: Annals): Provider {
  class Handler {
    async execute({ request }: ViewQuery): Promise<ViewAnswer> {
      return annals.views.query(request);
    }
  }
  return provided(`${name}QueryHandler`, QueryHandler(query), Handler, () => new Handler());
}

function provided(name: string, decorate: ClassDecorator, handler: Type<object>, useFactory: () => object): Provider {
  Object.defineProperty(handler, 'name', { value: name });
  decorate(handler);
  return { provide: handler, useFactory };
}

function queryClass({ name }: AnyView): Type<ViewQuery> {
  class Query extends ViewQuery {}
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  Object.defineProperty(Query, 'name', { value: `${words.join('')}Query` });
  return Query;
}
