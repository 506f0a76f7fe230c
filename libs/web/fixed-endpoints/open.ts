import { type Endpoint, inPath } from '../endpoint.js';
import { ref } from '../schemas/index.js';

/** What needs no token. */
export const openEndpoints: readonly Endpoint[] = [
  {
    id: 'live',
    method: 'GET',
    path: '/health/live',
    access: 'open',
    tag: 'health',
    summary: 'Whether the process answers.',
    answers: { 200: { description: 'It does.', schema: ref('Live') } },
  },
  {
    id: 'ready',
    method: 'GET',
    path: '/health/ready',
    access: 'open',
    tag: 'health',
    summary: 'Whether it takes commands and answers queries; 503 while the log is away, and when it stops.',
    description:
      'Readers that lag, stand still or have parked facts are listed and change nothing about that. Details go to callers on the same machine and to tokens with the role `operator` or `auditor`.',
    answers: {
      200: { description: 'It does.', schema: ref('Ready') },
      503: { description: 'It does not.', schema: ref('Ready') },
    },
  },
  {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    access: 'open',
    tag: 'health',
    summary: 'Metrics in the format of Prometheus.',
    description: 'For callers on the same machine; for others with the role `operator` or `auditor`.',
    answers: { 200: { description: 'Metrics.', type: 'text/plain' } },
  },
  {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    access: 'open',
    tag: 'documentation',
    summary: 'This document.',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: { type: 'object' } } },
  },
  {
    id: 'asyncapi',
    method: 'GET',
    path: '/asyncapi.json',
    access: 'open',
    tag: 'documentation',
    summary: 'The topics and their events.',
    description: 'Addresses of brokers are told to callers on the same machine and to tokens that may read topics.',
    answers: { 200: { description: 'AsyncAPI 3.0.', schema: { type: 'object' } } },
  },
  {
    id: 'docs',
    method: 'GET',
    path: '/docs',
    access: 'open',
    tag: 'documentation',
    summary: 'This document for people.',
    answers: { 200: { description: 'A page.', type: 'text/html' } },
  },
  {
    id: 'problem',
    method: 'GET',
    path: '/problems/:code',
    access: 'open',
    tag: 'documentation',
    summary: 'What a type of problem means; `type` of every problem leads here.',
    parameters: [inPath('code', 'The code of the problem.')],
    problems: [404],
    answers: { 200: { description: 'A page.', type: 'text/html' } },
  },
];
