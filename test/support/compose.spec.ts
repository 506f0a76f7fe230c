import { expect, it } from '@jest/globals';
import { serviceOf } from './compose.js';

it('has an image of a fixed version for each engine, and EventStoreDB as the stand-in speaks: without TLS and projections', () => {
  for (const name of ['eventstoredb', 'mongodb', 'kafka'] as const) expect(serviceOf(name).image).toMatch(/^[\w/]+:\d+\.\d+/);
  expect(serviceOf('eventstoredb').environment).toEqual({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_RUN_PROJECTIONS: 'None' });
});
