import { derivedId } from '#kernel';
import { type Random, randomFrom } from './random.js';

/** Something that happened in the sample company, and the command that records it. */
export interface Happening {
  readonly command: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Business time, milliseconds since 1970. */
  readonly at: number;
  /** When it was entered: later than it happened where somebody was late. */
  readonly enteredAt: number;
  readonly stream: string;
}

/** The field that names the stream, by command. */
const ids: Readonly<Record<string, string>> = {
  DefinePipeline: 'pipelineId',
  DefineProduct: 'productId',
  PriceProduct: 'productId',
  RegisterCustomer: 'customerId',
  AddContact: 'customerId',
  LinkIdentifier: 'customerId',
  SetShipmentPreference: 'customerId',
  RecordPreference: 'customerId',
  AssignOwner: 'customerId',
  TransferOwnership: 'customerId',
  MergeCustomers: 'customerId',
  UnmergeCustomers: 'customerId',
  EraseCustomer: 'customerId',
  StartContract: 'customerId',
  ChangeContract: 'customerId',
  EndContract: 'customerId',
  TakeRetentionAction: 'customerId',
  LogInteraction: 'interactionId',
  CreateLead: 'leadId',
  AssignLead: 'leadId',
  QualifyLead: 'leadId',
  DisqualifyLead: 'leadId',
  RecycleLead: 'leadId',
  OpenOpportunity: 'opportunityId',
  AdvanceOpportunity: 'opportunityId',
  RegressOpportunity: 'opportunityId',
  WinOpportunity: 'opportunityId',
  LoseOpportunity: 'opportunityId',
  ReopenOpportunity: 'opportunityId',
  AssignOpportunity: 'opportunityId',
  CorrectOpportunity: 'opportunityId',
  DefineWorkingCalendar: 'calendarId',
  DefineSlaPolicy: 'policyId',
  FormTeam: 'teamId',
  ProfileAgent: 'teamId',
  OpenTicket: 'ticketId',
  AssignTicket: 'ticketId',
  ReplyToTicket: 'ticketId',
  HoldTicket: 'ticketId',
  ResumeTicket: 'ticketId',
  ResolveTicket: 'ticketId',
  CloseTicket: 'ticketId',
};

/** Collects what happens. What would happen at or after `end` does not. */
export class Ledger {
  readonly random: Random;
  readonly #happenings: Happening[] = [];

  constructor(
    private readonly seed: number,
    readonly start: number,
    readonly end: number,
  ) {
    this.random = randomFrom(seed);
  }

  id(kind: string, name: string | number): string {
    return derivedId('demo', String(this.seed), kind, String(name));
  }

  /** False if it is after the end: whatever follows from it does not happen either. */
  add(
    command: string,
    at: number,
    payload: Readonly<Record<string, unknown>>,
    { enteredAt = at }: { readonly enteredAt?: number } = {},
  ): boolean {
    const moment = Math.floor(at / 60_000) * 60_000;
    if (moment >= this.end) return false;
    const field = ids[command] ?? 'orderId';
    this.#happenings.push({
      command,
      payload,
      at: moment,
      enteredAt: Math.min(Math.max(moment, enteredAt), this.end - 1),
      stream: `${field} ${String(payload[field])}`,
    });
    return true;
  }

  /** By the time of entry; what was entered at the same time stays in the order in which it was added. */
  inOrder(): readonly Happening[] {
    return [...this.#happenings].sort((one, other) => one.enteredAt - other.enteredAt);
  }
}
