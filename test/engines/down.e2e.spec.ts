import { describeBehindProxies } from './behind-proxies.js';
import { downEngines } from './down.js';

describeBehindProxies('that are down', downEngines);
