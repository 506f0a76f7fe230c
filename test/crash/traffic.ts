import { randomUUID } from 'node:crypto';
import type { ServerProcess } from '../support/server.js';
import type { Journal, SentCommand } from './journal.js';
import { send } from './sender.js';

/** Clients that each go through the life of opportunities, leads and customers, one command after another. */
export class Traffic {
  #stopped = false;

  constructor(
    private readonly server: Pick<ServerProcess, 'url' | 'token'>,
    private readonly journal: Journal,
    /** Clients that are told "not now" send the same again, after so many milliseconds; left out: they give up. */
    private readonly again?: number,
  ) {}

  /** Resolves when every client was stopped or gave up. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, (_, number) => this.#client(number)));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #client(number: number): Promise<void> {
    for (let turn = number; !this.#stopped; turn++) {
      for (const sent of LIVES[turn % LIVES.length]?.() ?? []) {
        if (this.#stopped) return;
        const entry = this.journal.record(sent);
        entry.outcome = await send(this.server, sent);
        while (entry.outcome.state === 'open' && this.again !== undefined && !this.#stopped) {
          await new Promise((over) => setTimeout(over, this.again));
          entry.outcome = await send(this.server, sent);
        }
        if (entry.outcome.state === 'open') return;
      }
    }
  }
}

const command = (name: string, payload: Readonly<Record<string, unknown>>): SentCommand => ({
  key: randomUUID(),
  command: name,
  payload,
});

const LIVES: readonly (() => readonly SentCommand[])[] = [
  function wonOpportunity() {
    const [opportunityId, customerId] = [randomUUID(), randomUUID()];
    return [
      command('RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Analytical Engines' }),
      command('OpenOpportunity', { opportunityId, customerId, amount: 550_00, currency: 'EUR' }),
      command('AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' }),
      command('CorrectOpportunity', { opportunityId, amount: 500_00 }),
      command('WinOpportunity', { opportunityId }),
    ];
  },
  function convertedLead() {
    const leadId = randomUUID();
    const email = `${leadId}@example.org`;
    return [
      command('CreateLead', { leadId, name: 'Ada Lovelace', email, companyName: 'Analytical Engines', source: 'WEB_SITE' }),
      command('AssignLead', { leadId, ownerId: randomUUID() }),
      command('QualifyLead', { leadId }),
      command('ConvertLead', { leadId, amount: 1_000_00, currency: 'EUR' }),
    ];
  },
  function registeredCustomer() {
    // The server makes the id: a repetition has to find the same one.
    return [command('RegisterCustomer', { kind: 'PERSON', name: 'Grace Hopper', email: `${randomUUID()}@example.org` })];
  },
  function openedWithoutId() {
    return [command('OpenOpportunity', { amount: 700_00, currency: 'USD' })];
  },
];
