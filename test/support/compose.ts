import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Service = 'eventstoredb' | 'mongodb' | 'kafka';

/** The image and settings of an engine in infra/compose/dev.yml, so that containers of tests are those of development. */
export function serviceOf(name: Service): { readonly image: string; readonly environment: Readonly<Record<string, string>> } {
  const { services } = parse(readFileSync('infra/compose/dev.yml', 'utf8')) as {
    readonly services: Readonly<
      Record<Service, { readonly image: string; readonly environment?: Readonly<Record<string, string>> }>
    >;
  };
  const { image, environment = {} } = services[name];
  return { image, environment };
}

/** Whether a Docker engine answers, and under which name its ports are reached. */
export async function dockerHost(): Promise<string | undefined> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    return (await getContainerRuntimeClient()).info.containerRuntime.host;
  } catch {
    return undefined;
  }
}
