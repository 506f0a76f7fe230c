// node mongodb-initiate.mjs port… : makes a replica set of the nodes on these ports and waits until it takes writes.
import { MongoClient } from 'mongodb';

const members = process.argv.slice(2).map((port, _id) => ({ _id, host: `127.0.0.1:${port}`, priority: _id === 0 ? 2 : 1 }));
const client = new MongoClient(`mongodb://${members[0].host}/?directConnection=true`, { serverSelectionTimeoutMS: 20_000 });
const admin = client.db('admin');
try {
  await admin.command({ replSetInitiate: { _id: 'annals', members, settings: { electionTimeoutMillis: 2_000 } } });
  for (const until = Date.now() + 40_000; !(await isReady()); ) {
    if (Date.now() > until) throw new Error('The replica set took no writes within 40 s.');
    await new Promise((again) => setTimeout(again, 100));
  }
} finally {
  await client.close();
}

async function isReady() {
  const { isWritablePrimary } = await admin.command({ hello: 1 });
  const { members: states } = await admin.command({ replSetGetStatus: 1 });
  return isWritablePrimary && states.every(({ stateStr }) => stateStr === 'PRIMARY' || stateStr === 'SECONDARY');
}
