import 'reflect-metadata';
import { Body, Controller, Get, Module, Param, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { RegisterCustomer } from '#contexts/customers/customer/commands';
import {
  AdvanceOpportunity,
  CorrectOpportunity,
  OpenOpportunity,
  RegressOpportunity,
} from '#contexts/sales/opportunity/commands';

/** The measure of the command path: what a Nest developer writes for a route that does nothing, with the same classes and bodies. */
class Nothing {
  constructor(readonly command: object) {}
}

/** As large as the answer of a command. */
const ANSWER = {
  outcome: 'done',
  commandId: '9ba1df51-25d9-59ee-8e78-a155d83e0b9e',
  id: '3c4b1a77-8a3f-5a3c-9a70-2f30d1f8b0aa',
  stream: 'opportunity-main.3c4b1a77-8a3f-5a3c-9a70-2f30d1f8b0aa',
  revision: 1,
  position: 'abcdefgh.0000000000000001',
  facts: ['OpportunityCorrected'],
};

@CommandHandler(Nothing)
class NothingHandler implements ICommandHandler<Nothing> {
  async execute(): Promise<typeof ANSWER> {
    return ANSWER;
  }
}

@Controller('v1')
class BaselineController {
  constructor(private readonly bus: CommandBus) {}

  @Post('opportunities')
  open(@Body() command: OpenOpportunity) {
    return this.bus.execute(new Nothing(command));
  }

  @Post('opportunities/:opportunityId/correct')
  correct(@Body() command: CorrectOpportunity) {
    return this.bus.execute(new Nothing(command));
  }

  @Post('opportunities/:opportunityId/advance')
  advance(@Body() command: AdvanceOpportunity) {
    return this.bus.execute(new Nothing(command));
  }

  @Post('opportunities/:opportunityId/regress')
  regress(@Body() command: RegressOpportunity) {
    return this.bus.execute(new Nothing(command));
  }

  @Post('customers')
  register(@Body() command: RegisterCustomer) {
    return this.bus.execute(new Nothing(command));
  }
}

/** As large as one document, and as a page of twenty. */
const DOCUMENT = {
  opportunityId: ANSWER.id,
  phase: 'PROSPECTING',
  status: 'OPEN',
  amount: 10_000,
  weighted: 1_000,
  currency: 'EUR',
  probability: 10,
  openedAt: '2026-01-05T09:00:00.000Z',
  phaseSince: '2026-01-05T09:00:00.000Z',
  daysIn: {},
  lastOpenPhase: 'PROSPECTING',
  stalled: false,
  timesReopened: 0,
};
const PAGE = { view: 'pipeline', items: Array.from({ length: 20 }, () => ({ key: ANSWER.id, document: DOCUMENT })) };

@Controller('v1/views/pipeline')
class BaselineViews {
  @Get()
  list() {
    return PAGE;
  }

  @Get(':key')
  document(@Param('key') key: string) {
    return { view: 'pipeline', key, document: DOCUMENT };
  }
}

@Module({ imports: [CqrsModule], controllers: [BaselineController, BaselineViews], providers: [NothingHandler] })
class BaselineModule {}

const app = await NestFactory.create<NestFastifyApplication>(BaselineModule, new FastifyAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
process.on('disconnect', () => process.exit());
