import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KeyStore, subjectOf } from '#runtime/ports';

/** A fresh, empty engine for one test. */
export interface KeyEngine {
  /** The store; after it was closed, the same store again. */
  open(): Promise<KeyStore>;
  /** Opens the same store with another master key. */
  openWithAnotherMasterKey(): Promise<KeyStore>;
  /** Copies the closed store away, and puts the copy in its place. */
  backup(): Promise<void>;
  restore(): Promise<void>;
  /** True when a closed store has these bytes anywhere in what it keeps. */
  holds(bytes: Uint8Array): Promise<boolean>;
  /** What the closed store keeps of a key: its wrapped form. */
  wrappedForm(tenant: string, subject: string): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

export function keyStoreContract(name: string, start: () => Promise<KeyEngine>): void {
  describe(`${name} keeps the key store contract`, () => {
    let engine: KeyEngine;
    let keys: KeyStore;
    const contact = subjectOf('ann', 'contact');
    const billing = subjectOf('ann', 'billing');

    beforeEach(async () => {
      engine = await start();
      keys = await engine.open();
    });
    afterEach(() => engine.dispose());

    const reopen = async () => {
      await keys.close();
      keys = await engine.open();
    };

    it('makes several keys of one person at once', async () => {
      for (let round = 0; round < 10; round++) {
        const subjects = ['contact', 'billing', 'health', 'support'].map((retention) => subjectOf(`new-${round}`, retention));
        const made = await Promise.all(subjects.map((subject) => keys.create('acme', subject)));
        expect([...(await keys.load('acme', subjects)).values()]).toEqual(made);
      }
    });

    it('makes a key of 32 random bytes once and gives the same one from then on', async () => {
      const made = await keyOf(keys.create('acme', contact));
      expect(made).toHaveLength(32);
      expect(await keyOf(keys.create('acme', contact))).toEqual(made);
      expect(await keyOf(keys.create('acme', billing))).not.toEqual(made);
      await reopen();
      expect(hex((await keys.load('acme', [contact])).get(contact))).toBe(hex(made));
      expect(await keyOf(keys.create('acme', contact))).toEqual(made);
    });

    it('makes one key for all who ask at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 50 }, () => keyOf(keys.create('acme', contact))));
      expect(new Set(made.map(hex)).size).toBe(1);
    });

    it('loads what exists and leaves out what was never made', async () => {
      const made = await keyOf(keys.create('acme', contact));
      const loaded = await keys.load('acme', [contact, billing]);
      expect([...loaded.keys()]).toEqual([contact]);
      expect(hex(loaded.get(contact))).toBe(hex(made));
    });

    it('keeps tenants apart', async () => {
      const made = await keyOf(keys.create('acme', contact));
      expect((await keys.load('globex', [contact])).size).toBe(0);
      expect(await keyOf(keys.create('globex', contact))).not.toEqual(made);
      await keys.destroy('globex', ['ann']);
      expect(hex((await keys.load('acme', [contact])).get(contact))).toBe(hex(made));
    });

    it('destroys all keys of a person for good, and only theirs', async () => {
      await keys.create('acme', contact);
      await keys.create('acme', billing);
      const other = subjectOf('annabel', 'contact');
      const kept = await keyOf(keys.create('acme', other));
      await keys.destroy('acme', ['ann']);
      await keys.destroy('acme', ['ann']);
      for (const _ of ['at once', 'opened again']) {
        const loaded = await keys.load('acme', [contact, billing, other]);
        expect([loaded.get(contact), loaded.get(billing)]).toEqual(['destroyed', 'destroyed']);
        expect(hex(loaded.get(other))).toBe(hex(kept));
        expect(await keys.create('acme', contact)).toBe('destroyed');
        await reopen();
      }
    });

    it('makes no key for a person who was destroyed before having one', async () => {
      await keys.destroy('acme', ['ann']);
      expect(await keys.create('acme', subjectOf('ann', 'contract'))).toBe('destroyed');
      expect((await keys.load('acme', [contact])).get(contact)).toBe('destroyed');
    });

    it('keeps no key in the open, and nothing of a destroyed one', async () => {
      const subjects = Array.from({ length: 300 }, (_, index) => subjectOf(`person-${index}`, 'contact'));
      const open = await Promise.all(subjects.map((subject) => keyOf(keys.create('acme', subject))));
      await keys.close();
      const wrapped = await engine.wrappedForm('acme', 'person-7.contact');
      expect(await engine.holds(wrapped)).toBe(true);
      for (const key of open.slice(0, 10)) expect(await engine.holds(key)).toBe(false);
      keys = await engine.open();
      await keys.destroy('acme', ['person-7']);
      await keys.close();
      expect(await engine.holds(wrapped)).toBe(false);
      expect(await engine.holds(await engine.wrappedForm('acme', 'person-8.contact'))).toBe(true);
      keys = await engine.open();
    });

    it('gives a digest one reservation id, also to all who ask at the same time', async () => {
      expect(await keys.findReservation('acme', 'digest-1')).toBeUndefined();
      const given = await Promise.all(
        Array.from({ length: 20 }, (_, index) => keys.reservationOf('acme', 'digest-1', 'ann', `proposed-${index}`)),
      );
      expect(new Set(given).size).toBe(1);
      expect(await keys.reservationOf('acme', 'digest-1', 'bob', 'another')).toBe(given[0]);
      await reopen();
      expect(await keys.findReservation('acme', 'digest-1')).toBe(given[0]);
      expect(await keys.findReservation('globex', 'digest-1')).toBeUndefined();
    });

    it('forgets the reservations of a destroyed person and keeps none for them again', async () => {
      await keys.reservationOf('acme', 'digest-of-ann-1234567890', 'ann', 'r1');
      await keys.reservationOf('acme', 'digest-of-bob-1234567890', 'bob', 'r2');
      await keys.destroy('acme', ['ann']);
      expect(await keys.findReservation('acme', 'digest-of-ann-1234567890')).toBeUndefined();
      expect(await keys.findReservation('acme', 'digest-of-bob-1234567890')).toBe('r2');
      expect(await keys.reservationOf('acme', 'digest-of-ann-1234567890', 'ann', 'r3')).toBe('r3');
      expect(await keys.findReservation('acme', 'digest-of-ann-1234567890')).toBeUndefined();
      await keys.close();
      expect(await engine.holds(Buffer.from('digest-of-ann-1234567890'))).toBe(false);
      expect(await engine.holds(Buffer.from('digest-of-bob-1234567890'))).toBe(true);
      keys = await engine.open();
      expect(await keys.reservationOf('acme', 'digest-of-ann-1234567890', 'carl', 'r4')).toBe('r4');
    });

    it('lets the look-up of a reservation pass to who holds it now, and go with nobody else', async () => {
      const digest = 'digest-that-ann-gave-up-1234567890';
      expect(await keys.reservationOf('acme', digest, 'ann', 'r1')).toBe('r1');
      expect(await keys.assignReservation('acme', digest, 'bartholomew', 'r1')).toBe('r1');
      await keys.destroy('acme', ['ann']);
      for (const _ of ['at once', 'opened again']) {
        expect(await keys.findReservation('acme', digest)).toBe('r1');
        expect(await keys.assignReservation('acme', digest, 'bartholomew', 'r1')).toBe('r1');
        await reopen();
      }
      await keys.destroy('acme', ['bartholomew']);
      expect(await keys.findReservation('acme', digest)).toBeUndefined();
      await keys.close();
      expect(await engine.holds(Buffer.from(digest))).toBe(false);
      keys = await engine.open();
    });

    it('makes a look-up that went with its former person anew for the next one, but takes none from who was first', async () => {
      await keys.reservationOf('acme', 'digest-1', 'ann', 'r1');
      await keys.destroy('acme', ['ann']);
      expect(await keys.assignReservation('acme', 'digest-1', 'bob', 'r1')).toBe('r1');
      expect(await keys.findReservation('acme', 'digest-1')).toBe('r1');
      expect(await keys.assignReservation('acme', 'digest-1', 'carl', 'r2')).toBe('r1');
      await keys.destroy('acme', ['carl']);
      expect(await keys.findReservation('acme', 'digest-1')).toBe('r1');
      expect(await keys.assignReservation('globex', 'digest-1', 'carl', 'r3')).toBe('r3');
      expect(await keys.findReservation('acme', 'digest-1')).toBe('r1');
    });

    it('gives a destroyed person no look-up, not even one that another gave up', async () => {
      await keys.reservationOf('acme', 'digest-of-bob-1234567890', 'bob', 'r1');
      await keys.destroy('acme', ['ann']);
      expect(await keys.assignReservation('acme', 'digest-of-bob-1234567890', 'ann', 'r1')).toBe('r1');
      expect(await keys.assignReservation('acme', 'digest-of-ann-1234567890', 'ann', 'r2')).toBe('r2');
      expect(await keys.findReservation('acme', 'digest-of-bob-1234567890')).toBeUndefined();
      expect(await keys.findReservation('acme', 'digest-of-ann-1234567890')).toBeUndefined();
      await keys.close();
      expect(await engine.holds(Buffer.from('digest-of-ann-1234567890'))).toBe(false);
      expect(await engine.holds(Buffer.from('digest-of-bob-1234567890'))).toBe(false);
      keys = await engine.open();
    });

    it('has one secret of 32 bytes for each purpose, for ever', async () => {
      const [one, again, other] = await Promise.all([keys.secret('digests'), keys.secret('digests'), keys.secret('tokens')]);
      expect(one).toHaveLength(32);
      expect(hex(again)).toBe(hex(one));
      expect(hex(other)).not.toBe(hex(one));
      await reopen();
      expect(hex(await keys.secret('digests'))).toBe(hex(one));
    });

    it('remembers how far destructions were applied', async () => {
      expect(await keys.appliedTo()).toBeUndefined();
      await keys.setAppliedTo('abcdefgh.0000000000000007');
      await keys.setAppliedTo('abcdefgh.0000000000000009');
      await reopen();
      expect(await keys.appliedTo()).toBe('abcdefgh.0000000000000009');
    });

    it('comes back from a backup with its keys, secrets and an earlier applied position', async () => {
      const made = await keyOf(keys.create('acme', contact));
      const secret = await keys.secret('digests');
      await keys.setAppliedTo('abcdefgh.0000000000000001');
      await keys.close();
      await engine.backup();
      keys = await engine.open();
      await keys.destroy('acme', ['ann']);
      await keys.setAppliedTo('abcdefgh.0000000000000002');
      await keys.close();
      await engine.restore();
      keys = await engine.open();
      expect(await keys.appliedTo()).toBe('abcdefgh.0000000000000001');
      expect(hex((await keys.load('acme', [contact])).get(contact))).toBe(hex(made));
      expect(hex(await keys.secret('digests'))).toBe(hex(secret));
      await keys.destroy('acme', ['ann']);
      expect((await keys.load('acme', [contact])).get(contact)).toBe('destroyed');
    });

    it('is not opened by another master key', async () => {
      await keys.create('acme', contact);
      await keys.close();
      await expect(engine.openWithAnotherMasterKey()).rejects.toThrow(/master key/i);
      keys = await engine.open();
      expect((await keys.load('acme', [contact])).size).toBe(1);
    });
  });
}

async function keyOf(made: Promise<Uint8Array | 'destroyed'>): Promise<Uint8Array> {
  const key = await made;
  if (key === 'destroyed') throw new Error('The key is destroyed.');
  return key;
}

const hex = (key: Uint8Array | 'destroyed' | undefined) => (typeof key === 'object' ? Buffer.from(key).toString('hex') : key);
