import { describeBehindProxies } from './behind-proxies.js';
import { faultsOf } from './faults.js';

describeBehindProxies('that fail, or the ways to them', faultsOf);
