import { type Config, configSchema, type SettingName, variableOf } from './settings.js';

/** Variables that somebody set for an engine that is not used: a name forgotten in ANNALS_…_ENGINE, most of the time. */
export function unusedSettings(config: Config): readonly string[] {
  const used: Readonly<Record<string, boolean>> = {
    eventstoredb: config.logEngine === 'eventstoredb',
    mongodb: config.viewsEngine === 'mongodb' || config.keysEngine === 'mongodb',
    kafka: config.topicsEngine === 'kafka',
  };
  return (Object.keys(configSchema.properties) as SettingName[])
    .filter((name) => {
      const engine = Object.keys(used).find((prefix) => name.startsWith(prefix));
      const { default: fallback } = configSchema.properties[name] as { readonly default?: unknown };
      return engine !== undefined && !used[engine] && config[name] !== undefined && config[name] !== fallback;
    })
    .map(variableOf);
}
