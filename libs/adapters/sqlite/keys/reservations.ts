import { createHash } from 'node:crypto';
import type { Database } from '../database.js';

export interface ReservationRow {
  readonly id: number;
  readonly person: string;
  readonly digest: string;
  readonly reservation: string;
}

/** The reservation id of a digest, if any. */
export const findReservation = (database: Database, tenant: string, digest: string): string | undefined =>
  reservationAt(database, tenant, digest)?.reservation;

export function reservationAt(database: Database, tenant: string, digest: string): ReservationRow | undefined {
  const row = database
    .sql<[number, string, string]>(
      'SELECT id, person, reservation FROM reservations WHERE bucket = ? AND tenant = ? AND digest = ?',
    )
    .get(bucketOf(digest), tenant, digest);
  return row && { id: row[0], person: row[1], digest, reservation: row[2] };
}

export function addReservation(database: Database, tenant: string, digest: string, person: string, reservation: string): void {
  database
    .sql('INSERT INTO reservations (tenant, person, bucket, digest, reservation) VALUES (?, ?, ?, ?, ?)')
    .run(tenant, person, bucketOf(digest), digest, reservation);
}

export function eraseReservations(database: Database, tenant: string, person: string): void {
  const rows = database
    .sql<[number, string, string]>('SELECT id, digest, reservation FROM reservations WHERE tenant = ? AND person = ?')
    .all(tenant, person);
  for (const [id, digest, reservation] of rows) eraseReservation(database, { id, digest, reservation });
}

/** Overwrites digest and id with as many zeros: the row stays where it is. */
export function eraseReservation(database: Database, { id, digest, reservation }: Omit<ReservationRow, 'person'>): void {
  database.sql('UPDATE reservations SET digest = ?, reservation = ? WHERE id = ?').run(zeros(digest), zeros(reservation), id);
}

const bucketOf = (digest: string): number => createHash('sha256').update(digest).digest().readUInt16BE(0);

const zeros = (text: string) => '0'.repeat(Buffer.byteLength(text));
