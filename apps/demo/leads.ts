import type { Ledger } from './ledger.js';
import { campaigns, firstNames, lastNames, placeEnds, placeNames } from './words.js';

const DAY = 86_400_000;
const COUNT = 900;
/** Leads that are ready to be converted when the history ends. */
const READY = 12;
const sources = ['WEB_SITE', 'TRADE_SHOW', 'WORD_OF_MOUTH', 'CAMPAIGN', 'PARTNER', 'COLD_CALL'] as const;
const reasons = ['NO_INTEREST', 'NO_BUDGET', 'NO_FIT', 'UNREACHABLE', 'DUPLICATE'] as const;

/** Leads of three years that came to nothing or are put back, and those that are ready to become customers today. */
export function leadHistory(ledger: Ledger, agents: readonly string[], size: number): { readonly ready: readonly string[] } {
  const { random, start, end } = ledger;
  const ready: string[] = [];
  for (let index = 0; index < COUNT * size; index++) {
    const isReady = index < READY;
    const at = isReady ? end - random.whole(6, 20) * DAY : start + random.whole(0, 1075) * DAY + random.whole(8, 17) * 3_600_000;
    const leadId = ledger.id('lead', index);
    const source = random.pick(sources);
    const first = random.pick(firstNames);
    const last = random.pick(lastNames);
    const place = `${random.pick(placeNames)}${random.pick(placeEnds)}`;
    const payload = {
      leadId,
      personId: ledger.id('person', index),
      name: `${first} ${last}`,
      email: `${first}.${last}.${index}@lead.example`.toLowerCase(),
      ...(isReady || random.chance(0.5) ? { companyName: `${place} Works` } : {}),
      source,
      ...(source === 'CAMPAIGN' && { campaign: random.pick(campaigns) }),
    };
    ledger.add('CreateLead', at, payload);
    if (!ledger.add('AssignLead', at + DAY, { leadId, ownerId: random.pick(agents) })) continue;
    if (isReady) {
      if (ledger.add('QualifyLead', at + 3 * DAY, { leadId })) ready.push(leadId);
      continue;
    }
    const next = at + random.whole(2, 20) * DAY;
    if (random.chance(0.45)) {
      ledger.add('DisqualifyLead', next, { leadId, reason: random.pick(reasons) });
      continue;
    }
    if (!ledger.add('QualifyLead', next, { leadId })) continue;
    const later = next + random.whole(10, 60) * DAY;
    if (random.chance(0.75)) ledger.add('DisqualifyLead', later, { leadId, reason: random.pick(reasons) });
    else ledger.add('RecycleLead', later, { leadId });
  }
  return { ready };
}
