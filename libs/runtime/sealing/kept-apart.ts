import { keptByLaw } from '#kernel';
import { type DataKey, type KeyStore, subjectOf } from '../ports.js';

/** A key store that can destroy the keys of a person and leave those of classes that a law keeps. */
export interface RetainingKeyStore extends KeyStore {
  /** Destroys all keys and identifier look-ups of these persons; of the classes that a law keeps, the keys of those in `ended` only. */
  destroy(tenant: string, persons: readonly string[], ended?: readonly string[]): Promise<void>;
}

const classes = Object.keys(keptByLaw);

/**
 * Files the keys of each class that a law keeps under a holder of its own, `<person>/<class>`, so that a store that destroys all of
 * a person leaves them. They go when a fact says that their time has come: what was recorded a moment before an erasure may be
 * known to nobody who decides on it. No such key is made for a person who was destroyed.
 */
export function keptApart(store: KeyStore): RetainingKeyStore {
  return {
    async load(tenant, subjects) {
      const found = await store.load(tenant, subjects.map(filed));
      const keys = new Map<string, DataKey | 'destroyed'>();
      for (const subject of subjects) {
        const key = found.get(filed(subject));
        if (key !== undefined) keys.set(subject, key);
      }
      return keys;
    },
    async create(tenant, subject) {
      if (filed(subject) !== subject) {
        const person = subjectOf(subject.slice(0, subject.lastIndexOf('.')), 'contact');
        if ((await store.load(tenant, [person])).get(person) === 'destroyed') return 'destroyed';
      }
      return store.create(tenant, filed(subject));
    },
    destroy: (tenant, persons, ended = []) =>
      store.destroy(
        tenant,
        persons.flatMap((person) => [person, ...ended.map((name) => holderOf(person, name))]),
      ),
    reservationOf: (...given) => store.reservationOf(...given),
    assignReservation: (...given) => store.assignReservation(...given),
    findReservation: (...given) => store.findReservation(...given),
    secret: (purpose) => store.secret(purpose),
    appliedTo: () => store.appliedTo(),
    setAppliedTo: (position) => store.setAppliedTo(position),
    close: () => store.close(),
  };
}

const holderOf = (person: string, name: string) => `${person}/${name}`;

/** The subject under which the store has it. */
export function filed(subject: string): string {
  const dot = subject.lastIndexOf('.');
  const name = subject.slice(dot + 1);
  return classes.includes(name) ? subjectOf(holderOf(subject.slice(0, dot), name), name) : subject;
}
