import type { DataOf, Recorded } from '#kernel';
import type {
  ChurnReasonLearnt,
  ContractContinued,
  ContractEnded,
  ContractStarted,
  CustomerChurned,
} from '../../retention/contract.js';
import type { ContractPiece, Customer360 } from './document.js';
import { eventOf, inTime, withPiece } from './pieces.js';

export function contractStarted(customer: Customer360, recorded: Recorded<DataOf<typeof ContractStarted>>): Customer360 {
  const { customerId: _, ...terms } = recorded.data;
  const started = { ...terms, since: recorded.occurredAt, event: eventOf(recorded) };
  return { ...customer, ...ofContracts(withPiece(customer.contracts, 'contractId', started)) };
}

export function contractChanged<D extends { readonly contractId: string }>(
  customer: Customer360,
  recorded: Recorded<D>,
  change: (data: D) => Partial<ContractPiece>,
): Customer360 {
  const { data } = recorded;
  const contracts = customer.contracts.map((contract) =>
    contract.contractId === data.contractId ? { ...contract, ...change(data), event: eventOf(recorded) } : contract,
  );
  return { ...customer, ...ofContracts(contracts) };
}

export const contractContinued = (customer: Customer360, recorded: Recorded<DataOf<typeof ContractContinued>>): Customer360 =>
  withoutEnd(customer, recorded, recorded.data.endsAt === undefined ? {} : { endsAt: recorded.data.endsAt });

export const contractEnded = (customer: Customer360, recorded: Recorded<DataOf<typeof ContractEnded>>): Customer360 =>
  withoutEnd(customer, recorded, { endedAt: recorded.data.endedAt });

function withoutEnd(
  customer: Customer360,
  recorded: Recorded<{ readonly contractId: string }>,
  change: Partial<ContractPiece>,
): Customer360 {
  const contracts = customer.contracts.map((contract) => {
    if (contract.contractId !== recorded.data.contractId) return contract;
    const { endsAt: _, ...left } = contract;
    return { ...left, ...change, event: eventOf(recorded) };
  });
  return { ...customer, ...ofContracts(contracts) };
}

export const lost = (customer: Customer360, { data }: Recorded<DataOf<typeof CustomerChurned>>): Customer360 => ({
  ...customer,
  relationship: 'CHURNED',
  churnedAt: data.churnedAt,
  churnReason: data.reason,
});

export const explained = (customer: Customer360, { data }: Recorded<DataOf<typeof ChurnReasonLearnt>>): Customer360 => ({
  ...customer,
  churnReason: data.reason,
});

export const active = ({ churnedAt: _, churnReason: __, ...customer }: Customer360): Customer360 => ({
  ...customer,
  relationship: 'ACTIVE',
});

/** Several customers shown as one are lost when all of them are that ever were one; then by the last who was. */
export function mergedRelationship(members: readonly Customer360[]): Partial<Customer360> {
  const related = members.filter(({ relationship }) => relationship !== undefined);
  if (related.length === 0) return {};
  if (related.some(({ relationship }) => relationship === 'ACTIVE')) return { relationship: 'ACTIVE' };
  const last = related.reduce((one, other) => ((other.churnedAt ?? '') > (one.churnedAt ?? '') ? other : one));
  const { relationship, churnedAt, churnReason } = last;
  return { relationship, churnedAt, churnReason } as Partial<Customer360>;
}

export const mergedContracts = (members: readonly Customer360[]): Pick<Customer360, 'contracts' | 'runningContracts'> =>
  ofContracts(
    inTime(
      members.flatMap(({ contracts }) => contracts),
      'contractId',
    ),
  );

/** The contracts, and what is counted of them. */
const ofContracts = (contracts: ContractPiece[]): Pick<Customer360, 'contracts' | 'runningContracts'> => ({
  contracts,
  runningContracts: contracts.filter(({ endedAt }) => endedAt === undefined).length,
});
