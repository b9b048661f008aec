import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { auditKeyContext } from '../../crypto/seal-contexts.ts'
import { auditKeyId, signCheckpoint } from '../../store/audit/audit-checkpoint.ts'
import type { AuditHead } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint, AuditKeyRow } from '../../store/port/audit/audit-signing.ts'
import type { Store } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'

/** How old the newest checkpoint of a log must be before the next one is due, in ms. It is checked every few minutes. */
const DUE_AFTER_MS = 55 * 60 * 1000
const ORGANIZATIONS_PER_QUERY = 100

export interface SigningDeps extends Pick<OperationContext, 'nowMs' | 'sealer'> {
  readonly store: Pick<Store, 'auditSigning' | 'read'>
}

/** Signs checkpoints of audit logs with the one key of the installation, which it makes at the first need. */
export class CheckpointSigner {
  readonly #deps: SigningDeps
  #key: Promise<{ readonly row: AuditKeyRow; readonly privateKey: KeyObject }> | null = null

  constructor(deps: SigningDeps) {
    this.#deps = deps
  }

  /** The key that signs: its public part. */
  async key(): Promise<Omit<AuditKeyRow, 'sealedPrivateKey'>> {
    const { sealedPrivateKey: _sealed, ...row } = (await this.#openKey()).row
    return row
  }

  /** Signs that an organization's log ends with this event now, and stores the checkpoint. */
  async sign(organization: string, { sequence, hash }: AuditHead): Promise<AuditCheckpoint> {
    const { privateKey } = await this.#openKey()
    const checkpoint = signCheckpoint({ organization, sequence, hash, atMs: this.#deps.nowMs() }, privateKey)
    await this.#deps.store.auditSigning.addCheckpoint(checkpoint)
    return checkpoint
  }

  /** Signs the logs that have events without a checkpoint, an hour after their last one. */
  async signDue(): Promise<void> {
    const { store, nowMs } = this.#deps
    for (let after: string | undefined = ''; after !== undefined;) {
      const found = await store.auditSigning.organizations(after, ORGANIZATIONS_PER_QUERY)
      for (const { organization, newest, signed, signedAtMs } of found) {
        if (newest <= signed || nowMs() - signedAtMs < DUE_AFTER_MS) continue
        const head = await store.read.audit.head(organization)
        if (head !== undefined) await this.sign(organization, head)
      }
      after = found.length < ORGANIZATIONS_PER_QUERY ? undefined : found.at(-1)?.organization
    }
  }

  async #openKey(): Promise<{ readonly row: AuditKeyRow; readonly privateKey: KeyObject }> {
    this.#key ??= this.#findKey()
    try {
      return await this.#key
    } catch (error) {
      // The database may answer the next time.
      this.#key = null
      throw error
    }
  }

  async #findKey(): Promise<{ readonly row: AuditKeyRow; readonly privateKey: KeyObject }> {
    const { store, sealer } = this.#deps
    const row = (await store.auditSigning.key()) ?? (await store.auditSigning.putKey(this.#newKey()))
    const privateKey = createPrivateKey(sealer.unseal(row.sealedPrivateKey, auditKeyContext(row.id)))
    return { row, privateKey }
  }

  #newKey(): AuditKeyRow {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const id = auditKeyId(publicKey)
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    return {
      id,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
      sealedPrivateKey: this.#deps.sealer.seal(pem, auditKeyContext(id)),
      createdAtMs: this.#deps.nowMs(),
    }
  }
}
