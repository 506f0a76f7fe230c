import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

/**
 * Brings about one fault of the client, in a process that may end by it, and says what became of an append behind it:
 * `client-fault.js <fault> <connection> [<connection of another server> <its pid>]` prints `{"append":"written"|"failed"|"hangs","unhandled":n}`.
 */
const [fault = '', connection = '', otherConnection = '', otherPid = ''] = process.argv.slice(2);
const client = EventStoreDBClient.connectionString(connection);
let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled += 1;
});
const event = (id: string = randomUUID(), data: unknown = { amount: 1 }) =>
  jsonEvent({ id, type: 'OrderPlaced', data: data as { amount: number } });
const append = (each = event()) => client.appendToStream(`order-acme.${randomUUID()}`, each);
const settled = (work: Promise<unknown>, milliseconds: number) =>
  Promise.race([
    work.then(
      () => 'written',
      () => 'failed',
    ),
    new Promise<string>((resolve) => setTimeout(resolve, milliseconds, 'hangs')),
  ]);

await append();
let outcome = 'unknown fault';
if (fault === 'unserialisable') outcome = await settled(append(event(randomUUID(), { amount: 1n })), 2_000);
if (fault === 'bad-id') {
  await append(event('no-uuid')).catch(() => {});
  // The second answer comes when the server's time for the write is over.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  outcome = await settled(append(), 2_000);
}
if (fault === 'two-servers') {
  const other = EventStoreDBClient.connectionString(otherConnection);
  await other.appendToStream('order-acme.1', event());
  const here = Array.from({ length: 100 }, () => settled(append(), 5_000));
  process.kill(Number(otherPid), 'SIGKILL');
  const outcomes = await Promise.all(here);
  outcome = outcomes.find((each) => each !== 'written') ?? 'written';
}
if (fault === 'throwing-listener') {
  const subscription = client.subscribeToAll({ fromPosition: 'end' });
  let seen = 0;
  subscription.on('error', () => {});
  subscription.on('data', () => {
    seen += 1;
    throw new Error('A listener is broken.');
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (let count = 0; count < 5; count++) await append();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  outcome = seen < 5 ? 'hangs' : 'written';
}
process.stdout.write(JSON.stringify({ append: outcome, unhandled }), () => process.exit(0));
