import { laterOf, type Moment } from '#kernel';
import { type Silence, silentAfter } from '../silence/silence.js';
import { type Heard, type KnownRelationship, type Relationship, running } from './relationship-state.js';

/** What keeps the survivor of a merge, of one who is shown under it and of those who are shown under that one. */
export function heardFrom(member: Relationship): Heard {
  if (member.status === 'NONE') return member.lastContactAt === undefined ? {} : { lastSignAt: member.lastContactAt };
  const { lastContactAt, boundUntil } = member;
  const lastSignAt = latest([lastHeardAt(member), lastContactAt, boundUntil]);
  return { ...(lastSignAt !== undefined && { lastSignAt }), ...(isBound(member) && { bound: true }) };
}

/** The relationship with what is known of one who is shown under it; without it, where that is nothing. */
export function withMember(relationship: KnownRelationship, memberId: string, heard: Heard): KnownRelationship {
  const { members: { [memberId]: _, ...others } = {}, ...left } = relationship;
  const members = heard.lastSignAt === undefined && !heard.bound ? others : { ...others, [memberId]: heard };
  return { ...left, ...(Object.keys(members).length > 0 && { members }) };
}

/**
 * When the customer will have been silent for too long: since the last sign of life, its own or of those who are shown under it;
 * `undefined`: never. What made it a customer may have been taken back: then its silence began when it became one.
 */
export function silentFrom(relationship: KnownRelationship, silence: Silence): Moment | undefined {
  if (isBound(relationship)) return undefined;
  const heardAt = lastHeardAt(relationship);
  const silentAt = heardAt && silentAfter(silence, heardAt);
  return silentAt !== undefined && silentAt > relationship.since ? silentAt : silentAfter(silence, relationship.since);
}

const isBound = (relationship: KnownRelationship): boolean =>
  running(relationship).length > 0 || heardIn(relationship).some(({ bound }) => bound);

export const lastHeardAt = (relationship: KnownRelationship): Moment | undefined =>
  latest([relationship.lastSignAt, ...heardIn(relationship).map(({ lastSignAt }) => lastSignAt)]);

const heardIn = ({ members = {} }: KnownRelationship): readonly Heard[] => Object.values(members);

export const latest = (moments: readonly (Moment | undefined)[]): Moment | undefined =>
  moments.reduce((one, other) => (one === undefined ? other : other === undefined ? one : laterOf(one, other)), undefined);
