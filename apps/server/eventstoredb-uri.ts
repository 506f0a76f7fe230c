/** Those that the client knows, as it compares them: it leaves out any other, and prints the whole string for it, password and all. */
const OPTIONS = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'throwOnAppendFailure',
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
];
const flat = (name: string) => name.trim().toLowerCase().replaceAll(/[_-]/g, '');
const known = new Map(OPTIONS.map((name) => [flat(name), name]));

const PARTS = /^esdb(?:\+discover)?:\/\/(?:(?<credentials>[^@]*)@)?(?<hosts>[^@?]*)(?:\?(?<options>[^@]*))?$/s;
const HOST = /^[^\s:/[\]]+(?::\d{1,5})?$/;

/**
 * What is wrong with a connection string of EventStoreDB, in words that quote neither user nor password; undefined where nothing is. The
 * client's own words quote the string, and it takes some that mean something else.
 */
export function faultOfEventStoreUri(uri: string): string | undefined {
  const text = uri.trim();
  if (!/^esdb(\+discover)?:\/\//.test(text)) return 'it has to begin with esdb:// or esdb+discover://.';
  const { credentials, hosts, options } = PARTS.exec(text)?.groups ?? {};
  if (hosts === undefined || (credentials !== undefined && !areCredentials(credentials)))
    return 'credentials are user:password before one @; special characters are percent-encoded, there and in options: @ as %40, : as %3A.';
  if (
    !hosts
      .replace(/\/+$/, '')
      .split(',')
      .every((host) => HOST.test(host))
  )
    return 'hosts are host:port, separated by commas; options follow as ?name=value&name=value.';
  for (const option of options === undefined ? [] : options.split('&')) {
    const [name = '', value = '', ...more] = option.split('=');
    const own = known.get(flat(name));
    if (own === undefined) return `there is no option ${JSON.stringify(name)}; there are ${OPTIONS.join(', ')}.`;
    if (value === '' || more.length > 0) return `options are name=value; ${own} is not.`;
    if (own === 'tlsVerifyCert' && value !== 'true')
      return 'certificates cannot be left unverified: the client verifies them always. Name that of the authority in tlsCAFile.';
    if (own === 'tls' && value === 'false' && credentials !== undefined)
      return 'it has credentials and tls=false: the client would leave them out silently. Use TLS, or no credentials.';
  }
  return undefined;
}

function areCredentials(text: string): boolean {
  try {
    return /^[^:]+:[^:]+$/.test(text) && decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}
