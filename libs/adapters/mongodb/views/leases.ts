import type { Lease } from '#runtime/ports';
import { isDuplicate } from '../faults.js';
import type { LeaseRecord, ViewCollections } from './format.js';

const LONG_AGO = new Date(0);

/**
 * A lease lives by the server's clock ($$NOW), and one atomic update decides who has it. Undefined while another has it.
 * Tokens are unique in the database and grow, so that a token alone says whether its lease has passed on since.
 */
export async function takeLease(
  collections: ViewCollections,
  name: string,
  holder: string,
  milliseconds: number,
): Promise<{ readonly lease: Lease; readonly passedOn: boolean } | undefined> {
  const { leases } = collections;
  const expires = { $add: ['$$NOW', milliseconds] };
  const renewed = await leases.findOneAndUpdate({ _id: name, holder }, [{ $set: { expires } }]);
  if (renewed) return { lease: { name, holder, token: renewed.token }, passedOn: false };
  const lapsed = { $lte: ['$expires', '$$NOW'] };
  const found = await leases.findOne<{ lapsed: boolean }>({ _id: name }, { projection: { lapsed } });
  if (found && !found.lapsed) return undefined;
  if (!found) await makeLapsed(collections, name);
  const token = await collections.next('token');
  const taken = await leases.findOneAndUpdate({ _id: name, token: { $lt: token }, $expr: lapsed }, [
    { $set: { holder, token, expires } },
  ]);
  return taken ? { lease: { name, holder, token }, passedOn: taken.holder !== '' } : undefined;
}

export async function releaseLease({ leases }: ViewCollections, { name, token }: Lease): Promise<void> {
  await leases.updateOne({ _id: name, token }, { $set: { expires: LONG_AGO } });
}

export async function leaseHolder({ leases }: ViewCollections, name: string): Promise<string | undefined> {
  const found = await leases.findOne({ _id: name, $expr: { $gt: ['$expires', '$$NOW'] } }, { projection: { holder: 1 } });
  return found?.holder;
}

/** An upsert knows no $expr: the record is there before somebody takes it. */
async function makeLapsed(collections: ViewCollections, name: string): Promise<void> {
  const record: LeaseRecord = { _id: name, holder: '', token: await collections.next('token'), expires: LONG_AGO };
  await collections.leases.insertOne(record).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}
