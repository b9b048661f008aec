import type { Permission, Target } from '../access/permissions.ts'
import { NO_CUSTOM_ROLES, rolesPermit } from '../access/roles.ts'
import type {
  BasicCredentialRecord,
  ConsumerRecord,
  ExternalKeyRecord,
  KeyAgeRecord,
} from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { type HashSeed } from '../tables/text-hash.ts'
import type { RowContext } from '../tables/row.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { BASIC_CREDENTIAL_ROWS, basicCredentialNaturalKey } from './basic-credential-rows.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import type { EnvironmentView, OrganizationView } from './environment.ts'
import { applyRecord, applyRecords, type Change, type FeedRecord, sortedRecords } from './feed-record.ts'
import { EXTERNAL_KEY_ROWS, externalKeyNaturalKey } from './external-key-rows.ts'
import { type KeyTable, KeyTableLoader } from './key-table.ts'
import type { KeyView } from './key-view.ts'
import { emptyParts, type SnapshotParts } from './parts.ts'
import { RecordTableLoader } from './record-table.ts'

export interface LoadOptions {
  /** A secret of the process, for the hashes of what callers choose. */
  readonly seed?: HashSeed
  /** Lets other work of the process run; called after each millisecond or so of work. */
  readonly pause?: () => Promise<void>
}

const NO_SEED: HashSeed = [0, 0]

async function noPause(): Promise<void> {
  // A test or a tool has nothing else to do.
}

function contextWith(seed: HashSeed): RowContext {
  return { pool: new ValuePool(), seed }
}

/**
 * Everything that a gateway needs to decide, at one revision. Immutable: a change makes a new snapshot that shares all
 * unchanged parts with this one, so a request sees the same snapshot from start to end.
 */
export class Snapshot {
  /** The number of the last change that it contains; 0 when it is empty. */
  readonly revision: number
  readonly #parts: SnapshotParts

  private constructor(revision: number, parts: SnapshotParts) {
    this.revision = revision
    this.#parts = parts
  }

  static empty(): Snapshot {
    return new Snapshot(0, emptyParts(contextWith(NO_SEED)))
  }

  /**
   * Builds the snapshot at a revision from all its records.
   *
   * @param batches owners come before what they own, and each entity comes at most once
   */
  static async load(
    revision: number,
    batches: AsyncIterable<readonly FeedRecord[]>,
    { seed = NO_SEED, pause = noPause }: LoadOptions = {},
  ): Promise<Snapshot> {
    const context = contextWith(seed)
    const keys = new KeyTableLoader(context)
    const consumers = new RecordTableLoader(CONSUMER_ROWS, context)
    const externalKeys = new RecordTableLoader(EXTERNAL_KEY_ROWS, context)
    const basicCredentials = new RecordTableLoader(BASIC_CREDENTIAL_ROWS, context)
    const ages: KeyAgeRecord[] = []
    let parts = emptyParts(context)
    for await (const batch of batches) {
      for (const record of batch) {
        // These can number in the millions, so they are collected and built in bulk.
        if (record.kind === 'key') keys.add(record)
        else if (record.kind === 'consumer') consumers.add(record)
        else if (record.kind === 'external-key') externalKeys.add(record)
        else if (record.kind === 'basic-credential') basicCredentials.add(record)
        else if (record.kind === 'key-age') ages.push(record)
        else parts = applyRecord(parts, record)
      }
    }
    return new Snapshot(revision, {
      ...parts,
      keys: await keys.build(ages, pause),
      consumers: await consumers.build(pause),
      externalKeys: await externalKeys.build(pause),
      basicCredentials: await basicCredentials.build(pause),
    })
  }

  /** The snapshot after a change, at the change's revision. */
  apply(change: Change): Snapshot {
    return new Snapshot(change.revision, applyRecords(this.#parts, change.records))
  }

  organization(slug: string): OrganizationView | undefined {
    return this.#parts.organizations.get(slug)
  }

  environment(organization: string, name: string): EnvironmentView | undefined {
    return this.#parts.organizations.get(organization)?.environments.get(name)
  }

  /** Every environment of every organization, in no particular order. */
  *environments(): Generator<EnvironmentView> {
    for (const organization of this.#parts.organizations.values()) yield* organization.environments.values()
  }

  consumer(id: string): ConsumerRecord | undefined {
    return this.#parts.consumers.find(id)
  }

  /** The consumer that a key belongs to, or undefined. */
  consumerOf(key: KeyView): ConsumerRecord | undefined {
    return key.consumerIn(this.#parts.consumers)
  }

  get keys(): KeyTable {
    return this.#parts.keys
  }

  /** The entry of another organization's key in this organization, or undefined. */
  externalKey(organization: string, keyId: KeyId): ExternalKeyRecord | undefined {
    return this.#parts.externalKeys.findNatural(externalKeyNaturalKey(organization, keyId))
  }

  /** The Basic credential with this username in an environment, or undefined. */
  basicCredential(
    organization: string,
    environment: string,
    username: string,
  ): BasicCredentialRecord | undefined {
    return this.#parts.basicCredentials.findNatural(
      basicCredentialNaturalKey(organization, environment, username),
    )
  }

  /** The Basic credential with this id, or undefined. */
  basicCredentialById(id: string): BasicCredentialRecord | undefined {
    return this.#parts.basicCredentials.find(id)
  }

  /** Whether one of the roles permits the action on the target. Unknown roles permit nothing. */
  rolesPermit(
    organization: string,
    roles: readonly string[],
    permission: Permission,
    target: Target,
  ): boolean {
    const custom = this.#parts.organizations.get(organization)?.roles ?? NO_CUSTOM_ROLES
    return rolesPermit(roles, custom, permission, target)
  }

  /**
   * Its content as records, in an order that `load` accepts. Snapshots with the same content give equal lists, whether
   * they were loaded at once or built change by change.
   */
  toRecords(): FeedRecord[] {
    return sortedRecords(this.#parts)
  }
}
