import type { Permission, Target } from '../access/permissions.ts'
import { NO_CUSTOM_ROLES, rolesPermit } from '../access/roles.ts'
import type { BasicCredentialRecord, ConsumerRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { HashSeed } from '../tables/text-hash.ts'
import type { RowContext } from '../tables/row.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { basicCredentialNaturalKey } from './basic-credential-rows.ts'
import type { EnvironmentView, OrganizationView } from './environment.ts'
import {
  applyRecords,
  type Change,
  type FeedRecord,
  isAboutRow,
  otherRecords,
  sortedRecords,
} from './feed-record.ts'
import { externalKeyNaturalKey } from './external-key-rows.ts'
import type { KeyTable } from './key-table.ts'
import type { KeyView } from './key-view.ts'
import { emptyParts, type SnapshotParts } from './parts.ts'
import { type SharedTables, sharedTables, withSharedTables } from './shared-tables.ts'
import { snapshotBytes, SnapshotBytesReader } from './snapshot-bytes.ts'
import { SnapshotLoader } from './snapshot-loader.ts'
import type { WrittenBatch } from './written-rows.ts'

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
    const loader = new SnapshotLoader(contextWith(seed))
    for await (const batch of batches) for (const record of batch) loader.add(record)
    return new Snapshot(revision, await loader.build(pause))
  }

  /**
   * Builds the snapshot at a revision from what `RowWriter`s have written with the same seed.
   *
   * @param batches of all writers; those of each one in their order
   */
  static async loadWritten(
    revision: number,
    batches: AsyncIterable<WrittenBatch>,
    { seed = NO_SEED, pause = noPause }: LoadOptions = {},
  ): Promise<Snapshot> {
    const loader = new SnapshotLoader(contextWith(seed))
    for await (const batch of batches) {
      loader.addWritten(batch)
      await pause()
    }
    return new Snapshot(revision, await loader.build(pause))
  }

  /**
   * Reads a snapshot from the bytes of `toBytes`. Authenticate them first: reading is safe whatever they are, but only a trusted
   * writer's snapshot is one to decide by.
   *
   * @param chunks the bytes, divided in any way
   * @throws SnapshotBytesError when they are not a whole snapshot of this format
   */
  static async fromBytes(
    chunks: AsyncIterable<Uint8Array>,
    pause: () => Promise<void> = noPause,
  ): Promise<Snapshot> {
    const reader = new SnapshotBytesReader()
    for await (const chunk of chunks) {
      reader.push(chunk)
      await pause()
    }
    return await Snapshot.ofBytes(reader, pause)
  }

  /** The snapshot of a reader that has got all bytes. @throws SnapshotBytesError when they are not a whole snapshot */
  static async ofBytes(reader: SnapshotBytesReader, pause: () => Promise<void>): Promise<Snapshot> {
    const { revision, parts } = await reader.finish(pause)
    return new Snapshot(revision, parts)
  }

  /**
   * The snapshot as bytes, which a machine with the same byte order can read quickly. They contain what the gateway knows: digests
   * of secrets, hashes of passwords, sealed keys.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   */
  toBytes(pause: () => Promise<void> = noPause): AsyncGenerator<Uint8Array> {
    return snapshotBytes(this.revision, this.#parts, pause)
  }

  /** The snapshot after a change, at the change's revision. */
  apply(change: Change): Snapshot {
    return new Snapshot(change.revision, applyRecords(this.#parts, change.records))
  }

  /**
   * What threads need to read this snapshot besides `otherRecords`, without a copy of its rows.
   *
   * @param before the snapshot that they have; undefined for none
   */
  tablesSince(before: Snapshot | undefined): SharedTables {
    return sharedTables(before === undefined ? undefined : before.#parts, this.#parts)
  }

  /** Its records that are not rows of a table, in an order in which they can be applied. */
  otherRecords(): Generator<FeedRecord> {
    return otherRecords(this.#parts)
  }

  /**
   * The snapshot of another thread, for reading.
   *
   * @param tables of `tablesSince` there, compared with the snapshot that this one is a copy of; null if they are the same
   * @param records the changed ones; those that are rows are in the tables
   */
  withShared(revision: number, tables: SharedTables | null, records: readonly FeedRecord[]): Snapshot {
    const others = records.filter((record) => !isAboutRow(record))
    const parts = applyRecords(this.#parts, others)
    return new Snapshot(revision, tables === null ? parts : withSharedTables(parts, tables))
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

  /** How much shared memory the keys, consumers and credentials take, with what is allocated for the next rows, in bytes. */
  get tableBytes(): number {
    const { keys, consumers, externalKeys, basicCredentials } = this.#parts
    const { pool } = keys.records.context
    return [keys, consumers, externalKeys, basicCredentials, pool].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    )
  }

  /**
   * Its content as records, in an order that `load` accepts. Snapshots with the same content give equal lists, whether
   * they were loaded at once or built change by change.
   */
  toRecords(): FeedRecord[] {
    return sortedRecords(this.#parts)
  }
}
