import { describe, expect, it } from '@jest/globals';
import { commandFields, derivedId, type Step, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { AddContact, LinkIdentifier, RegisterCustomer } from '../../customers/contract.js';
import { NoteLead } from '../customer-leads/commands.js';
import { CompleteLeadConversion } from '../lead/commands.js';
import { LeadConversionStarted } from '../lead/events.js';
import { OpenOpportunity } from '../opportunity/commands.js';
import { leadConversion } from './lead-conversion.process.js';

const leadId = derivedId('lead');
const contactId = derivedId('person');
const customerId = derivedId('customer');
const opportunityId = derivedId('opportunity');
const ownerId = derivedId('owner');

const name = carried('Grace');
const email = carried('grace@acme.example');
const phone = carried('+49 30 1234567');
const companyName = carried('Acme');

const deal = { ownerId, campaign: 'fair', amount: 550_00, currency: 'EUR' };
const started = LeadConversionStarted({
  leadId,
  personId: contactId,
  customerId,
  registersCustomer: true,
  contactId,
  opportunityId,
  name,
  email,
  phone,
  companyName,
  ...deal,
}).data;

const steps = (fact: typeof started): readonly Step[] =>
  leadConversion.react.LeadConversionStarted(recorded(LeadConversionStarted(fact)) as never);
const commands = (fact: typeof started) => steps(fact).map(({ command }) => command);
const payload = (fact: typeof started, command: Step['command']) => steps(fact).find((step) => step.command === command)?.payload;

describe('SAL-04 the conversion of a lead', () => {
  it('registers the customer, adds the contact, opens the opportunity, and completes last', () =>
    expect(commands(started)).toEqual([
      RegisterCustomer,
      AddContact,
      LinkIdentifier,
      LinkIdentifier,
      OpenOpportunity,
      CompleteLeadConversion,
    ]));
  it('registers nobody where the customer exists', () =>
    expect(commands({ ...started, registersCustomer: false })).not.toContain(RegisterCustomer));
  it('links nothing where there is nothing to link', () =>
    expect(commands({ ...started, email: undefined, phone: undefined })).not.toContain(LinkIdentifier));
  it('goes on when another customer has the e-mail address or the phone number', () =>
    expect(
      steps(started)
        .filter(({ optional }) => optional)
        .map(({ command }) => command),
    ).toEqual([LinkIdentifier, LinkIdentifier]));
  it('opens the opportunity for the customer, with its lead and its campaign', () =>
    expect(payload(started, OpenOpportunity)).toMatchObject({ opportunityId, customerId, leadId, ...deal }));
  it('sends fields that the commands have', () => {
    for (const { command, payload } of steps(started))
      expect([...commandFields(command).keys()]).toEqual(expect.arrayContaining(Object.keys(payload)));
  });
  it('completes the lead, and is over where the customer was erased on the way: the lead is erased with it', () => {
    const overBy = { code: 'customer-erased', instead: send(NoteLead, { customerId, leadId }) };
    givenProcess(leadConversion)
      .when(recorded(LeadConversionStarted({ ...started, registersCustomer: false, email: undefined, phone: undefined })))
      .sends(
        {
          command: AddContact,
          payload: { customerId, contactId, name, email: undefined, phone: undefined },
          optional: false,
          overBy,
        },
        { command: OpenOpportunity, payload: { opportunityId, customerId, leadId, ...deal }, optional: false, overBy },
        { command: CompleteLeadConversion, payload: { leadId }, optional: false },
      );
  });
});

describe('SAL-04 the customer that a lead becomes', () => {
  it('is the company, where the person speaks for one', () => {
    expect(payload(started, RegisterCustomer)?.kind).toBe('ORGANISATION');
    expect(payload(started, RegisterCustomer)?.name).toBe(companyName);
  });
  it('is the person, where there is no company', () => {
    expect(payload({ ...started, companyName: undefined }, RegisterCustomer)?.kind).toBe('PERSON');
    expect(payload({ ...started, companyName: undefined }, RegisterCustomer)?.name).toBe(name);
  });
  it('has the person as its contact', () => {
    expect(payload(started, AddContact)?.contactId).toBe(contactId);
    expect(payload(started, AddContact)?.name).toBe(name);
    expect(payload(started, AddContact)?.email).toBe(email);
    expect(payload(started, AddContact)?.phone).toBe(phone);
  });
  it('is known by the e-mail address and the phone number of the person', () => {
    const [linkedEmail, linkedPhone] = steps(started).filter(({ command }) => command === LinkIdentifier);
    expect([linkedEmail?.payload.kind, linkedPhone?.payload.kind]).toEqual(['EMAIL', 'PHONE']);
    expect(linkedEmail?.payload.value).toBe(email);
    expect(linkedPhone?.payload.value).toBe(phone);
  });
});
