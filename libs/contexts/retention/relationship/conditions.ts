import { type Moment, refuse, type Sealed } from '#kernel';
import type { StatedReason } from '../words.js';
import type { Action, Relationship } from './relationship-state.js';

const MOST_CONTRACTS = 500;
const MOST_ACTIONS = 500;

export function mustHaveRoomForContract(contractId: string, relationship: Relationship): void {
  if (relationship.status === 'NONE') return;
  const { contracts } = relationship;
  if (contracts.some((contract) => contract.contractId === contractId))
    refuse(
      'contract-exists',
      'This contract was started before; send another contractId for another one. A retry takes the same Idempotency-Key.',
      'contractId',
    );
  if (contracts.length >= MOST_CONTRACTS)
    refuse(
      'too-many-contracts',
      `A customer has at most ${MOST_CONTRACTS} contracts, with those that are over; change one that runs, or register a part of it as another customer.`,
    );
}

export function mustHaveRoomForAction(actionId: string, actions: readonly Action[]): void {
  if (actions.some((action) => action.actionId === actionId))
    refuse(
      'action-exists',
      'This action was taken before; send another actionId for another one. A retry takes the same Idempotency-Key.',
      'actionId',
    );
  if (actions.length >= MOST_ACTIONS)
    refuse(
      'too-many-actions',
      `A customer has at most ${MOST_ACTIONS} retention actions; log what you do from now on as interactions.`,
    );
}

/** An action of which the customer knows. */
export function answerable(actionId: string, actions: readonly Action[]): Action {
  const action = actions.find((one) => one.actionId === actionId);
  if (!action)
    refuse(
      'action-unknown',
      `This customer has no retention action ${actionId}; check actionId, or record the action first.`,
      'actionId',
    );
  if (action.kind === 'HOLD_OUT')
    refuse(
      'nothing-to-answer',
      'This action is of the kind HOLD_OUT, with nothing done that could be answered; check actionId.',
      'actionId',
    );
  return action;
}

export function mustSayWhy(reason: StatedReason, notes: Sealed<string> | undefined): void {
  if (reason === 'OTHER' && notes === undefined)
    refuse('notes-required', 'The reason OTHER needs notes; send notes, or another reason.', 'notes');
}

export function checkEnd(endsAt: Moment | undefined, now: Moment): void {
  if (endsAt !== undefined && endsAt <= now)
    refuse('end-in-the-past', `The end ${endsAt} is not after ${now}; send a later moment, or leave endsAt out.`, 'endsAt');
}
