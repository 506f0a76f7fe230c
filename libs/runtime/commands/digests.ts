import type { KeyStore } from '../ports.js';
import { bodyDigest } from '../sealing/digest.js';
import { isKey } from '../sealing/sealing.js';
import type { Intake } from './intake.js';

/** What tells a retry from another command under the same key. */
export class CommandDigests {
  constructor(
    private readonly keys: KeyStore,
    private readonly secret: Uint8Array,
  ) {}

  /** Of all that is not personal. */
  plain({ name, plain }: Intake): string {
    return bodyDigest(this.secret, [name, plain]);
  }

  /**
   * `<plain>` or `<plain>.<personal>`. The personal part is keyed by a data key of the person, so that erasure takes away
   * the means to guess it; then only the plain part is compared.
   */
  async withPersonal(tenant: string, intake: Intake, subject: string): Promise<string> {
    const { personal } = intake;
    const plain = this.plain(intake);
    if (Object.keys(personal).length === 0) return plain;
    const key = (await this.keys.load(tenant, [subject])).get(subject);
    return isKey(key) ? `${plain}.${bodyDigest(key, personal)}` : plain;
  }
}

/** Where the key that made the personal part is gone, one of the two has none: then the plain parts decide. */
export function sameDigest(stored = '', computed: string): boolean {
  const [plain, personal] = stored.split('.');
  const [plainNow, personalNow] = computed.split('.');
  return plain === plainNow && (personal === undefined || personalNow === undefined || personal === personalNow);
}
