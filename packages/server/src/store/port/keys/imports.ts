import type { KeyId, KeyType, Labels } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/**
 * `receiving`: its file arrives. `running`: its keys are made. `stopped`: it ended before its last line. `failed`: the server
 * could not go on with it.
 */
export type ImportState = 'receiving' | 'running' | 'done' | 'stopped' | 'failed'

export interface ImportProblem {
  /** The line of the file, from 1; 0 for a problem of the whole import. */
  readonly line: number
  /** A sentence without the token. */
  readonly message: string
}

/** An import of keys that were issued elsewhere. */
export interface ImportRow {
  readonly organization: string
  readonly id: string
  readonly state: ImportState
  readonly createdAtMs: number
  /** The id of the key or person that sent the file. It acts in that name. */
  readonly createdBy: string
  /** When that person had confirmed who they are, in ms since 1970; null for a key. */
  readonly confirmedAtMs: number | null
  /** When the credential that started it ends, in ms since 1970; null for never. */
  readonly credentialEndsAtMs: number | null
  /** The lines with keys in its file; null until all have arrived. */
  readonly lineCount: number | null
  /** How many of these lines were worked off. */
  readonly read: number
  /** How many keys were made of them. */
  readonly made: number
  readonly problemCount: number
  /** The first problems. */
  readonly problems: readonly ImportProblem[]
  readonly endedAtMs: number | null
}

/** An import in a list, where all problems would be too much. */
export type ListedImport = Omit<ImportRow, 'problems'>

/** A valid line of a file: what it says of one key. */
export interface ImportedLine {
  readonly line: number
  /** The id of the key that it makes, which follows from the digest. */
  readonly id: KeyId
  /** SHA-256 of the token, 64 lower-case hexadecimal digits. */
  readonly digest: string
  readonly hint: string
  readonly name: string
  readonly type: KeyType
  readonly environment: string | null
  /** A consumer's name or id. */
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly active: boolean
  readonly expiresAtMs: number | null
  readonly labels: Labels
}

/** A line as it arrived: valid by itself, or with its problem. */
export type ReceivedLine = Omit<ImportedLine, 'id'> | ImportProblem

/** A line as it is stored. */
export type ImportLine = ImportedLine | ImportProblem

/** Lines of one bucket. A bucket has the lines whose keys have ids in one range, so that near ids are inserted together. */
export interface ImportChunk {
  /** 0, 1, 2, … in the order of the ids. */
  readonly bucket: number
  /** Different for each chunk of a bucket, and in the order of the file. */
  readonly number: number
  readonly lines: readonly ImportLine[]
}

/** Where a chunk stands among those of its import. */
export type ChunkPosition = Pick<ImportChunk, 'bucket' | 'number'>

/** An import with lines that are to be worked off, or removed because it has ended. */
export type UnfinishedImport = Pick<ImportRow, 'organization' | 'id' | 'createdBy'>

/** Which imports a list has, and in which order: all of them from the oldest on unless given. */
export interface ImportChoice {
  readonly order?: 'oldest-first' | 'newest-first'
  /** Only those of this creator. */
  readonly createdBy?: string
}

export interface ImportReader {
  get(organization: string, id: string): Promise<ImportRow | undefined>
  list(organization: string, page: PageRequest, choice?: ImportChoice): Promise<Page<ListedImport>>
  /** How many are receiving or running. */
  countUnderWay(organization: string): Promise<number>
}

export interface ImportWriter extends ImportReader {
  insert(row: ImportRow): Promise<void>
  /** Replaces the state, the counts, the problems and the end. */
  update(row: ImportRow): Promise<void>
  addChunks(organization: string, id: string, chunks: readonly ImportChunk[]): Promise<void>
  /**
   * The first chunks, in the order of their buckets and numbers.
   *
   * @param limit how many at most
   * @param after only those after this one
   */
  firstChunks(
    organization: string,
    id: string,
    limit: number,
    after?: ChunkPosition,
  ): Promise<readonly ImportChunk[]>
  /** Removes the chunks up to one, in that order. */
  removeChunks(organization: string, id: string, last: ChunkPosition): Promise<void>
  /** Removes some chunks, so that other writers need not wait for all. @returns whether some may be left */
  removeSomeChunks(organization: string, id: string): Promise<boolean>
  /** Removes an import with its chunks, which should be few. */
  remove(organization: string, id: string): Promise<void>
  /**
   * Removes some of those that ended before a time, and of those whose file has been arriving since before another, in ms
   * since 1970. The next call removes more.
   */
  prune(endedBeforeMs: number, receivingSinceMs: number): Promise<void>
}
