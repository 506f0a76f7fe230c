import { type Endpoint, inQuery } from '../endpoint.js';
import { ref } from '../schemas/index.js';

const number = { type: 'integer', minimum: 0 } as const;

/** What auditors hold the history against. */
export const historyEndpoints: readonly Endpoint[] = [
  {
    id: 'get-history-head',
    method: 'GET',
    path: '/v1/history/head',
    access: ['auditor', 'analyst', 'operator', 'admin', 'consumer'],
    tag: 'facts',
    summary: 'A signed head of the history: how many facts the tenant has, and the root of the Merkle tree over them.',
    description: 'Whoever keeps it can tell later whether any of these facts was changed, left out or put between them.',
    parameters: [
      inQuery(
        'since',
        'Facts that an earlier head covers: the answer then has the hashes that show that it is a beginning of this one.',
        number,
      ),
    ],
    problems: [500],
    answers: { 200: { description: 'The head.', schema: ref('SignedHead') } },
  },
  {
    id: 'prove-fact',
    method: 'GET',
    path: '/v1/history/proof',
    access: ['auditor', 'analyst'],
    tag: 'facts',
    summary: 'A fact as it was hashed, and the hashes that lead from it to a signed head.',
    description: 'Personal fields are sealed in it, so that it stays good when they are erased.',
    parameters: [
      { ...inQuery('stream', 'Stream of the fact.'), required: true },
      { ...inQuery('revision', 'Number of the fact in its stream, from 0.', number), required: true },
      inQuery('size', 'Facts that the head covers; all up to now if left out.', number),
    ],
    problems: [404, 500],
    answers: { 200: { description: 'The proof.', schema: ref('FactProof') } },
  },
  {
    id: 'publish-head',
    method: 'POST',
    path: '/v1/admin/history/publish',
    access: ['operator', 'admin'],
    tag: 'operations',
    summary: 'Record a signed head of the history as a public fact, unless nothing was recorded since the last one.',
    description: 'A server does it by itself every hour (`ANNALS_HEADS_MINUTES`).',
    problems: [500],
    answers: {
      200: { description: 'Nothing but the last head was recorded since that one.', schema: ref('SignedHead') },
      201: { description: 'The head.', schema: ref('SignedHead') },
    },
  },
];
