import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import type { ClockState } from '#runtime';
import type { Client } from '../client/client.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, dayOrMoment, examples, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface SetFlags extends ServerFlags {
  readonly wait: number;
}

const LOOK_AGAIN = 100;
const DAY = 86_400_000;

/** `annals clock`: what time it is for the tenant of the token; in a sandbox it can be set forward. */
export function clockCommand(terminal: Terminal): Command {
  const clock = new Command('clock')
    .description('The clock of the tenant of the token. That of a sandbox can be set forward.')
    .addHelpText('after', examples('annals clock show', 'annals clock forward 30 --token-file sandbox.token'));

  clock.addCommand(
    withServer(new Command('show').description('Show it.'))
      .addHelpText('after', examples('annals clock show'))
      .action((flags: ServerFlags) =>
        connected(terminal, flags, async ({ client }) => print(terminal, flags, await stateOf(client))),
      ),
  );
  clock.addCommand(
    withWait(
      new Command('set')
        .description('Set the clock of a sandbox forward, and wait until all that is due by then has happened.')
        .argument('<moment>', 'what it is to show; a day means its first moment (UTC)', dayOrMoment),
    )
      .addHelpText('after', examples('annals clock set 2027-01-31 --token-file sandbox.token'))
      .action((moment: string, flags: SetFlags) =>
        connected(terminal, flags, ({ client }) => setTo(terminal, client, flags, moment)),
      ),
  );
  clock.addCommand(
    withWait(
      new Command('forward')
        .description('Set the clock of a sandbox forward by days of 24 hours, and wait likewise.')
        .argument('<days>', 'how many', wholeNumber),
    )
      .addHelpText('after', examples('annals clock forward 30 --token-file sandbox.token'))
      .action((days: number, flags: SetFlags) =>
        connected(terminal, flags, async ({ client }) => {
          const { now } = await stateOf(client);
          await setTo(terminal, client, flags, Date.parse(now) + days * DAY);
        }),
      ),
  );
  return clock;
}

const withWait = (command: Command): Command =>
  withServer(command).option('--wait <seconds>', 'wait at most so long; 0: not at all', wholeNumber, 60);

const stateOf = (client: Client) => client.get<ClockState>('/v1/clock');

async function setTo(terminal: Terminal, client: Client, flags: SetFlags, to: string | number): Promise<void> {
  await client.post('/v1/clock', { to: new Date(to).toISOString() }, { 'idempotency-key': crypto.randomUUID() });
  const until = Date.now() + flags.wait * 1_000;
  let state = await stateOf(client);
  while (state.settled === false && Date.now() < until) {
    await pause(LOOK_AGAIN);
    state = await stateOf(client);
  }
  print(terminal, flags, state);
}

function print(terminal: Terminal, { json }: ServerFlags, state: ClockState): void {
  if (json) printJson(terminal, state);
  else printText(terminal, textOf(state));
}

function textOf({ tenant, sandbox, now, settled, imports }: ClockState): string {
  const kind = sandbox ? 'a sandbox with a clock of its own' : 'by the clock of the servers';
  const rest = settled === false ? ' Not all that is due by then has happened yet.' : '';
  const names = imports.map(({ name, since }) => `${name} (since ${since})`).join(', ');
  const waits = names === '' ? '' : ` What is due of imported history waits for the end of: ${names}.`;
  return `${now} in ${tenant}, ${kind}.${rest}${waits}`;
}
