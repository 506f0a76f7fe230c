import { afterAll, beforeAll, describe } from '@jest/globals';
import { EnginesBehindProxies, missing } from './behind-proxies.js';
import { faultsOf } from './faults.js';

const described = missing === undefined ? describe : describe.skip;

described(`the distributed engines${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
  let engines: EnginesBehindProxies;
  beforeAll(async () => {
    engines = await EnginesBehindProxies.start();
  }, 240_000);
  afterAll(() => engines?.stop());

  describe('that fail, or the ways to them', () => faultsOf(() => engines));
});
