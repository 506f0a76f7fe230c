import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { FactProof, SignedHead } from '#runtime';
import { leafOf } from '#runtime/notary/leaf';
import { GrowingTree, includes, isContinued, leafHash } from '#runtime/notary/merkle';
import { genuineHead, type Head, NotGenuine } from '#runtime/notary/signed-head';
import { refusedBecause } from '../client/files.js';
import { exitCodes, Failure, usage } from '../client/problems.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface HeadFlags extends ServerFlags {
  readonly out?: string;
  readonly keyOut?: string;
}
interface CheckFlags extends ServerFlags {
  readonly head: string;
  readonly key: string;
  readonly proof?: string;
  readonly facts?: string;
}
/** What a check found; it is in the answer with --json. */
interface Found {
  readonly tenant: string;
  readonly covers: number;
  readonly says: string;
}

/** `annals history`: heads that whoever keeps them can hold the history against, and proofs of what is in it. */
export function historyCommand(terminal: Terminal): Command {
  const history = new Command('history')
    .description(
      'Signed heads of the history, which tell later whether anything before them was changed, and proofs of single facts.',
    )
    .addHelpText('after', examples('annals history head --out 2026-01-31.head', 'annals history check --head 2026-01-31.head'));
  history.addCommand(
    withServer(new Command('head').description('Print a signed head over all facts up to now.'))
      .option('--out <file>', 'write it to this file instead')
      .option('--key-out <file>', 'write the public key that verifies it to this file; do it once, and keep it apart')
      .addHelpText('after', examples('annals history head --out 2026-01-31.head --key-out annals.key'))
      .action((flags: HeadFlags) =>
        connected(terminal, flags, async ({ client }) => {
          const head = await client.get<SignedHead>('/v1/history/head');
          if (flags.keyOut !== undefined) write(flags.keyOut, `${head.publicKey}\n`);
          if (flags.out !== undefined) write(flags.out, head.note);
          if (flags.json) printJson(terminal, head);
          else
            printText(
              terminal,
              flags.out === undefined ? head.note.trimEnd() : `${head.size} facts; the head is in ${flags.out}`,
            );
        }),
      ),
  );
  history.addCommand(
    withServer(
      new Command('publish').description('Record a signed head as a public fact now. A server does it by itself every hour.'),
    )
      .addHelpText('after', examples('annals history publish'))
      .action((flags: ServerFlags) =>
        connected(terminal, flags, async ({ client }) => {
          const head = await client.post<SignedHead>('/v1/admin/history/publish', undefined);
          if (flags.json) printJson(terminal, head);
          else printText(terminal, head.note.trimEnd());
        }),
      ),
  );
  history.addCommand(
    withServer(
      new Command('prove')
        .description('Print a fact as it was hashed, and the hashes that lead from it to a signed head, as JSON.')
        .argument('<stream>', 'its stream')
        .argument('<revision>', 'its number in the stream, from 0', wholeNumber),
    )
      .option('--size <number>', 'that it is among the first so many facts, as a head that you kept covers', wholeNumber)
      .option('--out <file>', 'write it to this file instead')
      .addHelpText(
        'after',
        examples('annals history prove order-main.8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10 2 --out invoice.proof'),
      )
      .action((stream: string, revision: number, flags: ServerFlags & { readonly out?: string; readonly size?: number }) =>
        connected(terminal, flags, async ({ client }) => {
          const size = flags.size === undefined ? {} : { size: String(flags.size) };
          const proof = await client.get<FactProof>('/v1/history/proof', { stream, revision: String(revision), ...size });
          if (flags.out === undefined) return printJson(terminal, proof);
          write(flags.out, `${JSON.stringify(proof, undefined, 2)}\n`);
          if (flags.json) printJson(terminal, { file: flags.out });
          else printText(terminal, `Fact ${proof.index} of ${proof.size}; the proof is in ${flags.out}`);
        }),
      ),
  );
  history.addCommand(
    withServer(
      new Command('check').description(
        'Hold the history against a head that you kept: that of the server, or offline a proof or all facts of a replay.',
      ),
    )
      .requiredOption('--head <file>', 'the head that you kept')
      .requiredOption('--key <file>', 'the public key that you kept')
      .option('--proof <file>', 'check this proof of a fact, without a server')
      .option('--facts <file>', 'check these facts, as annals replay prints them, without a server; - reads standard input')
      .addHelpText(
        'after',
        examples(
          'annals history check --head 2026-01-31.head --key annals.key',
          'annals history check --head 2026-01-31.head --key annals.key --proof invoice.proof',
          'annals replay | annals history check --head 2026-01-31.head --key annals.key --facts -',
        ),
      )
      .action(async (flags: CheckFlags) => {
        const { proof, facts } = flags;
        if (proof !== undefined && facts !== undefined) throw usage('Give --proof or --facts, not both.');
        const key = textIn(flags.key);
        const head = genuine(() => genuineHead(textIn(flags.head), key));
        const found =
          facts !== undefined
            ? await checkFacts(head, facts)
            : proof !== undefined
              ? checkProof(head, key, proof)
              : await connected(terminal, flags, async ({ client }) => {
                  const now = await client.get<SignedHead & { path: readonly string[] }>('/v1/history/head', {
                    since: String(head.size),
                  });
                  return checkNow(head, key, now);
                });
        if (flags.json) printJson(terminal, found);
        else printText(terminal, found.says);
      }),
  );
  return history;
}

function checkNow(head: Head, key: string, { note, path }: SignedHead & { readonly path: readonly string[] }): Found {
  const now = genuine(() => genuineHead(note, key));
  if (!isContinued(head, now, path.map(bytes)))
    throw wrong(`The history of ${head.tenant} does not begin with the ${head.size} facts of this head: it was changed.`);
  return found(head, `The ${now.size} facts of ${head.tenant} begin with the ${head.size} of this head, unchanged.`);
}

function checkProof(head: Head, key: string, file: string): Found {
  const { note, size, index, leaf, path } = proofIn(file);
  const proved = genuine(() => genuineHead(note, key));
  if (!includes(proved.root, proved.size, index, leafHash(leaf), path.map(bytes)))
    throw wrong('The proof does not lead from its fact to its head: one of them was changed.');
  // Under the head that was kept only a proof of the same size can be held against it alone.
  if (size !== head.size || !proved.root.equals(head.root))
    throw wrong(
      `The proof is good for a head over ${size} facts, not for this one over ${head.size}. Ask for it with --size ${head.size}.`,
    );
  const { type, stream, revision } = JSON.parse(leaf) as { type: string; stream: string; revision: number };
  return found(head, `${type}, number ${revision} of ${stream}, is fact ${index} of the ${head.size} of this head.`);
}

async function checkFacts(head: Head, file: string): Promise<Found> {
  const tree = new GrowingTree();
  let line = 0;
  for await (const text of linesIn(file)) {
    line++;
    if (tree.size === head.size) break;
    const fact = jsonOf<Readonly<Record<string, unknown>>>(text, `Line ${line} of ${file}`);
    tree.add(leafHash(leafOf(fact)));
  }
  if (tree.size < head.size)
    throw wrong(
      `${file} has ${tree.size} facts; the head covers ${head.size}. Replay all of them, from the start: annals replay`,
    );
  if (!tree.root.equals(head.root))
    throw wrong(`The first ${head.size} facts of ${file} are not those of this head: some were changed.`);
  return found(head, `The first ${head.size} facts of ${file} are those of this head, unchanged.`);
}

const found = ({ tenant, size }: Head, says: string): Found => ({ tenant, covers: size, says });
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
const wrong = (message: string): Failure => new Failure(exitCodes.refused, message);

function genuine<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw error instanceof NotGenuine ? wrong(error.message) : error;
  }
}

function proofIn(file: string): FactProof {
  const proof = jsonOf<FactProof>(textIn(file), file);
  const { note, leaf, path, index } = proof;
  const isProof = typeof note === 'string' && typeof leaf === 'string' && Array.isArray(path) && Number.isInteger(index);
  if (!isProof || !path.every((hash) => typeof hash === 'string'))
    throw wrong(`${file} is no proof of a fact, as annals history prove writes it.`);
  jsonOf(leaf, `What ${file} proves`);
  return proof;
}

function jsonOf<T>(text: string, what: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // said below
  }
  throw wrong(`${what} is no JSON object.`);
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`${file} cannot be read: ${refusedBecause(error)}.`);
  }
}

async function* linesIn(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw usage(`${file} cannot be read: ${refusedBecause(error)}.`);
  } finally {
    if (file !== '-') input.destroy();
  }
}

function write(file: string, text: string): void {
  if (existsSync(file)) throw usage(`${file} exists; name another file.`);
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw usage(`${file} cannot be written: ${refusedBecause(error)}.`);
  }
}
