import { afterAll, beforeAll, describe } from '@jest/globals';
import { EnginesBehindProxies, missing } from './behind-proxies.js';
import { downEngines } from './down.js';

const described = missing === undefined ? describe : describe.skip;

described(`the distributed engines${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
  let engines: EnginesBehindProxies;
  beforeAll(async () => {
    engines = await EnginesBehindProxies.start();
  }, 240_000);
  afterAll(() => engines?.stop());

  describe('that are down', () => downEngines(() => engines));
});
