import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Logger, pino } from 'pino';
import type { Clock } from '#runtime';
import type { Tracing } from '#runtime/tracing/index';
import { roleNamesFrom, startWeb, type WebOptions } from '#web';
import { type House, type HouseOptions, openAnnals } from './compose.js';
import { ConfigRefused } from './config-refused.js';
import { committedSchemas } from './earlier-schemas.js';
import { type Engines, enginesOf, topicsOf } from './engines.js';
import { reasonOf } from './reason.js';
import type { Config } from './settings.js';
import { SlowStart } from './slow-start.js';
import { productVersion } from './surroundings.js';
import { tlsOf } from './tls.js';
import { unusedSettings } from './unused-settings.js';

export interface RunningServer {
  readonly url: string;
  readonly house: House;
  /** Mode 0600; the token of the first start. */
  readonly adminTokenFile: string;
  readonly masterKeyFile: string;
  /** Takes no more work, finishes what is in flight, stores positions, closes. */
  close(): Promise<void>;
}

/** Starts the server of a configuration. Throws what `refusedStart` can explain. */
export async function startServer(
  config: Config,
  { clock, logger = loggerOf(config) }: { clock?: Clock; logger?: Logger } = {},
): Promise<RunningServer> {
  const tls = tlsOf(config);
  const unused = unusedSettings(config);
  if (unused.length > 0)
    logger.warn({ event: 'settings.unused', settings: unused }, 'Settings are given for an engine that is not used.');
  const folder = resolve(config.data);
  const engines = enginesOf(config, folder);
  const tracing = await tracingOf(config);
  const serverFile = join(folder, 'server.json');
  const address = { host: config.host, port: config.port, portSearch: config.portSearch, tls, trustedProxy: config.trustedProxy };
  const start = new SlowStart(address, logger, (url) => noteServer(serverFile, url));
  const opening = openAnnals({
    ...houseOptionsOf(config),
    engines,
    tracing,
    clock,
    onError: loggingTo(logger),
    onStep: start.at,
  });
  const house = await opening.catch(async (error: unknown) => {
    if ((await start.over()) !== undefined) rmSync(serverFile, { force: true });
    throw error;
  });
  const { adminTokenFile, masterKeyFile } = house;
  try {
    const port = await start.over();
    const web = await startWeb(house, {
      ...address,
      ...(port !== undefined && { port }),
      ...webOptionsOf(config),
      ...(engines.topics.engine === 'kafka' && { kafka: kafkaOf(engines.topics) }),
      logger,
      tracing,
    });
    noteServer(serverFile, web.url);
    return {
      url: web.url,
      house,
      adminTokenFile,
      masterKeyFile,
      async close() {
        if (existsSync(serverFile)) rmSync(serverFile);
        await web.close(config.shutdownMilliseconds);
        await house.close(config.shutdownMilliseconds);
      },
    };
  } catch (error) {
    await house.close(config.shutdownMilliseconds);
    throw error;
  }
}

const houseOptionsOf = (config: Config): HouseOptions => ({
  data: config.data,
  secrets: config.secrets,
  backdateDays: config.backdateDays,
  headsMinutes: config.headsMinutes,
  runsProcesses: config.roles.includes('processes'),
  writesViews: config.roles.includes('views'),
  relays: config.roles.includes('relay'),
  webhooks: { toPrivate: config.webhooksToPrivate, attempts: config.webhookAttempts },
});

const webOptionsOf = (config: Config) => ({
  servesApi: config.roles.includes('api'),
  bodyLimit: config.bodyLimit,
  earlierSchemas: committedSchemas(),
  ...identityOf(config),
  limits: {
    perSecond: {
      interactive: config.interactivePerSecond,
      integration: config.integrationPerSecond,
      bulk: config.bulkPerSecond,
    },
    bulkRequests: config.bulkRequests,
    bulkAtOnce: config.bulkAtOnce,
    bulkBeside: config.bulkBeside,
  },
});

const loggingTo = (logger: Logger) => (reader: string, error: unknown) =>
  logger.error({ event: 'reader.failed', reader, reason: reasonOf(error) }, 'A reader failed and will try again.');

/** Where the command line of this machine finds the server. */
const noteServer = (file: string, url: string): void =>
  writeFileSync(file, `${JSON.stringify({ url, pid: process.pid, startedAt: new Date().toISOString() })}\n`);

/** Throws ConfigRefused for what no setting shows by itself: files that they name, and what these hold. */
export function refuseSettings(config: Config): void {
  tlsOf(config);
  identityOf(config);
  topicsOf(enginesOf(config, resolve(config.data)));
}

const kafkaOf = ({ brokers, prefix = 'annals', partitions }: Extract<Engines['topics'], { engine: 'kafka' }>) => ({
  brokers,
  prefix,
  partitions,
});

/** The packages of OpenTelemetry are loaded only where a collector is configured. */
async function tracingOf({ otlpEndpoint, tracePercent }: Config): Promise<Tracing | undefined> {
  if (otlpEndpoint === undefined) return undefined;
  const { openTelemetry } = await import('#adapters/opentelemetry');
  return openTelemetry({ endpoint: otlpEndpoint, percent: tracePercent, version: productVersion() });
}

const loggerOf = ({ logLevel }: Config): Logger =>
  pino({ level: logLevel, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));

function identityOf({ oidcIssuer, oidcAudience, oidcRoles, ...config }: Config): Pick<WebOptions, 'identity'> {
  if (oidcIssuer === undefined || oidcAudience === undefined) return {};
  try {
    return {
      identity: {
        issuer: oidcIssuer,
        audience: oidcAudience,
        jwksUrl: config.oidcJwksUrl,
        tenantClaim: config.oidcTenantClaim,
        rolesClaim: config.oidcRolesClaim,
        roleNames: oidcRoles === undefined ? undefined : roleNamesFrom(oidcRoles),
        actorClaim: config.oidcActorClaim,
      },
    };
  } catch (error) {
    throw error instanceof RangeError ? new ConfigRefused(`oidcRoles: ${error.message}.`) : error;
  }
}
