import { shown } from './config-refused.js';
import { faultOfEventStoreUri } from './eventstoredb-uri.js';
import { type Config, type SettingName, variableOf } from './settings.js';

/** What is wrong with settings that are allowed each by itself: some need others, and addresses have to be such. A sentence each. */
export const conflictsIn = (config: Config): readonly string[] => [
  ...conflictsOfTls(config),
  ...conflictsOfIdentity(config),
  ...enginesWithoutAddress(config),
  ...wrongAddresses(config),
];

function conflictsOfTls(config: Config): readonly string[] {
  const faults = [
    ...incomplete(config, ['tlsCert', 'tlsKey']),
    ...incomplete(config, ['kafkaTlsCert', 'kafkaTlsKey']),
    ...incomplete(config, ['kafkaSaslMechanism', 'kafkaSaslUsername', 'kafkaSaslPasswordFile']),
    ...unless(config.kafkaTls, 'kafkaTls', config, ['kafkaTlsCa', 'kafkaTlsCert']),
  ];
  if (config.kafkaSaslMechanism === 'plain' && !config.kafkaTls)
    faults.push(
      `kafkaSaslMechanism plain sends the password as it is: it needs kafkaTls (${variableOf('kafkaTls')}), or take a scram mechanism.`,
    );
  return faults;
}

function conflictsOfIdentity(config: Config): readonly string[] {
  const { oidcIssuer, oidcAudience } = config;
  const faults = [...unless(oidcIssuer !== undefined, 'oidcIssuer', config, ['oidcJwksUrl', 'oidcTenantClaim', 'oidcRoles'])];
  if ((oidcIssuer === undefined) !== (oidcAudience === undefined))
    faults.push(`oidcIssuer and oidcAudience need each other (${variableOf('oidcIssuer')}, ${variableOf('oidcAudience')}).`);
  return faults;
}

function enginesWithoutAddress(config: Config): readonly string[] {
  const needed: readonly (readonly [boolean, SettingName])[] = [
    [config.logEngine === 'eventstoredb', 'eventstoredbUri'],
    [config.viewsEngine === 'mongodb' || config.keysEngine === 'mongodb', 'mongodbUri'],
    [config.topicsEngine === 'kafka', 'kafkaBrokers'],
  ];
  return needed
    .filter(([isChosen, name]) => isChosen && config[name] === undefined)
    .map(([, name]) => `The engine that was chosen needs ${name} (${variableOf(name)}).`);
}

function wrongAddresses({ otlpEndpoint, eventstoredbUri, kafkaBrokers }: Config): readonly string[] {
  const faults: string[] = [];
  if (otlpEndpoint !== undefined && !isWebAddress(otlpEndpoint))
    faults.push(
      `otlpEndpoint (${variableOf('otlpEndpoint')}) must be an address such as http://127.0.0.1:4318; it is ${shown(otlpEndpoint)}.`,
    );
  const wrongUri = eventstoredbUri === undefined ? undefined : faultOfEventStoreUri(eventstoredbUri);
  if (wrongUri !== undefined) faults.push(`eventstoredbUri (${variableOf('eventstoredbUri')}): ${wrongUri}`);
  if (kafkaBrokers !== undefined && !kafkaBrokers.split(',').every((broker) => isHostAndPort(broker.trim())))
    faults.push(
      `kafkaBrokers (${variableOf('kafkaBrokers')}) must be host:port, several separated by commas; it is ${shown(kafkaBrokers)}.`,
    );
  return faults;
}

/** Settings of which none means something without the others. */
function incomplete(config: Config, names: readonly SettingName[]): readonly string[] {
  const missing = names.filter((name) => config[name] === undefined);
  const [present] = names.filter((name) => config[name] !== undefined);
  if (present === undefined || missing.length === 0) return [];
  const variables = [present, ...missing].map(variableOf).join(', ');
  return [`${present} needs ${missing.join(' and ')} (${variables}).`];
}

/** Settings that mean nothing where another one is not there. */
const unless = (isThere: boolean, needed: SettingName, config: Config, names: readonly SettingName[]): readonly string[] =>
  isThere
    ? []
    : names.filter((name) => config[name] !== undefined).map((name) => `${name} needs ${needed} (${variableOf(needed)}).`);

const isWebAddress = (text: string) => /^https?:\/\/[^/?#\s]/i.test(text) && URL.canParse(text);

function isHostAndPort(text: string): boolean {
  const [, port] = /^[^\s:]+:(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536;
}
