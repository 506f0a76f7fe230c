import { FILE_VARIABLE } from '../../server/config.js';
import { settings } from '../../server/settings.js';
import { code, page, table } from '../markdown.js';

export function configurationPage(): string {
  const rows = settings.map(({ name, variable, description, fallback, allowed }) => [
    code(name),
    code(variable),
    description,
    allowed,
    fallback === undefined ? '' : code(fallback),
  ]);
  const introduction = `Each setting is an environment variable, or a line of the YAML or JSON file that \`${FILE_VARIABLE}\` names (\`port: 7070\`); the environment
wins. A setting that is unknown or wrong stops the start, with its name and what is allowed.`;
  return page(
    'Configuration',
    'the settings of the server',
    introduction,
    table(['in a file', 'in the environment', 'meaning', 'allowed', 'if left out'], rows),
    OTHERS,
  );
}

const OTHERS = `The command line reads \`ANNALS_URL\` (the server) and \`ANNALS_TOKEN\` (the token) besides.`;
