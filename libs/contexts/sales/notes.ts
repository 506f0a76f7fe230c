import { refuse, type Sealed } from '#kernel';

/** A reason that says nothing by itself needs words. */
export function mustExplainOther(reason: string, notes: Sealed<string> | undefined): void {
  if (reason === 'OTHER' && notes === undefined)
    refuse('notes-required', 'The reason OTHER needs notes; send notes, or another reason.', 'notes');
}
