import { createHash } from 'node:crypto';
import type { Database } from '../database.js';

/** The reservation id of a digest, if any. */
export const findReservation = (database: Database, tenant: string, digest: string): string | undefined =>
  database
    .sql<[string]>('SELECT reservation FROM reservations WHERE bucket = ? AND tenant = ? AND digest = ?')
    .get(bucketOf(digest), tenant, digest)?.[0];

export function addReservation(database: Database, tenant: string, digest: string, person: string, reservation: string): void {
  database
    .sql('INSERT INTO reservations (tenant, person, bucket, digest, reservation) VALUES (?, ?, ?, ?, ?)')
    .run(tenant, person, bucketOf(digest), digest, reservation);
}

/** Overwrites digests and ids with as many zeros: the rows stay where they are. */
export function eraseReservations(database: Database, tenant: string, person: string): void {
  const rows = database
    .sql<[number, string, string]>('SELECT id, digest, reservation FROM reservations WHERE tenant = ? AND person = ?')
    .all(tenant, person);
  const erase = database.sql('UPDATE reservations SET digest = ?, reservation = ? WHERE id = ?');
  for (const [id, digest, reservation] of rows) erase.run(zeros(digest), zeros(reservation), id);
}

const bucketOf = (digest: string): number => createHash('sha256').update(digest).digest().readUInt16BE(0);

const zeros = (text: string) => '0'.repeat(Buffer.byteLength(text));
