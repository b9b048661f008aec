import { setImmediate } from 'node:timers/promises'
import { type FilePath, joinPath, shownBelow } from './files/file-path.ts'
import type { FileSearch } from './files/file-search.ts'
import { readFolder } from './files/folder.ts'
import { type Finds, PLACES_MAX } from './finds/finds.ts'
import type { ScanLog } from './finds/scan-log.ts'
import { Git, GitFailure } from './git/git-process.ts'
import { addObjectPlaces } from './git/object-places.ts'
import { type ObjectHit, searchObjects } from './git/object-search.ts'
import { gitFolders, missingHistory } from './git/own-folders.ts'
import type { RepositoryKind } from './git/repository.ts'
import { indexEntries, untrackedFiles } from './git/working-tree.ts'

/** What the scan of a repository works with. */
export interface RepositoryScanParts {
  readonly finds: Finds
  readonly log: ScanLog
  readonly files: FileSearch
  /** Scans a submodule, or another repository inside of this one. */
  readonly scanFolder: (folder: FilePath) => Promise<void>
  /** Scans the files of a folder, without git. */
  readonly scanPlainFolder: (folder: FilePath) => Promise<void>
}

/** After so many files git's output is read again. They take about as long as git takes to fill the pipe. */
const FILES_AT_ONCE = 16

/** Entries of git's folder that hold no text of people: objects are read through git, submodules in their own folders. */
const NO_TEXT = new Set(['objects', 'modules', 'index'])

/**
 * Scans a repository: the files of its working tree, all objects, and the texts that git keeps beside them, such as its
 * settings and reflogs. Files and objects are read at the same time, because most of the work on objects is git's.
 */
export class RepositoryScan {
  readonly #folder: FilePath
  readonly #kind: RepositoryKind
  readonly #includesIgnored: boolean
  readonly #git: Git
  readonly #parts: RepositoryScanParts
  #filesRead = 0

  constructor(
    folder: FilePath,
    kind: RepositoryKind,
    { includesIgnored, env }: { readonly includesIgnored: boolean; readonly env: NodeJS.ProcessEnv },
    parts: RepositoryScanParts,
  ) {
    this.#folder = folder
    this.#kind = kind
    this.#includesIgnored = includesIgnored
    this.#git = new Git(folder, env)
    this.#parts = parts
  }

  async run(): Promise<void> {
    let folders: readonly string[]
    try {
      folders = await gitFolders(this.#git)
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      this.#report('history', error)
      await this.#parts.scanPlainFolder(this.#folder)
      return
    }
    await Promise.all([this.#scanObjects(), this.#attempt('files', () => this.#scanFiles(folders))])
  }

  async #attempt(part: string, scan: () => Promise<void>): Promise<void> {
    try {
      await scan()
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      this.#report(part, error)
    }
  }

  #report(part: string, { message }: GitFailure): void {
    this.#parts.log.addProblem(`${this.#folder.shown}: its ${part} cannot be read: ${message}`)
  }

  async #scanObjects(): Promise<void> {
    const { finds, log } = this.#parts
    const hits: ObjectHit[] = []
    await this.#attempt('history', () =>
      searchObjects(this.#git, log, (hit) => {
        if (hits.length < PLACES_MAX) hits.push(hit)
        else finds.addUnlisted(hit.token)
      }),
    )
    for (const failure of await addObjectPlaces(this.#git, hits, finds)) this.#report('history', failure)
  }

  async #scanFiles(folders: readonly string[]): Promise<void> {
    const missing = missingHistory(folders[0] ?? '')
    if (missing !== undefined) this.#parts.log.notes.push(`${this.#folder.shown} ${missing}`)
    for (const folder of folders) await this.#scanGitFolder(folder)
    if (this.#kind === 'bare') return
    let last: Buffer | undefined
    for await (const { path } of indexEntries(this.#git)) {
      // A file with a conflict is listed three times.
      if (last?.equals(path) !== true) await this.#scanListed(path)
      last = path
    }
    for await (const path of untrackedFiles(this.#git, this.#includesIgnored)) await this.#scanListed(path)
  }

  async #scanListed(name: Buffer): Promise<void> {
    const path = joinPath(this.#folder, name)
    const outcome = this.#parts.files.searchListed(path, name)
    if (outcome === 'folder') await this.#parts.scanFolder(path)
    this.#filesRead += 1
    if (this.#filesRead % FILES_AT_ONCE === 0) await setImmediate()
  }

  async #scanGitFolder(folder: string): Promise<void> {
    const top = this.#kind === 'bare' ? this.#folder.shown : shownBelow(this.#folder.shown, '.git')
    const { log, files } = this.#parts
    const folders: FilePath[] = [{ bytes: Buffer.from(folder), shown: top }]
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      const isTop = next.shown === top
      const content = readFolder(next, log)
      for (const { path, name } of content.files) {
        if (!isTop || !NO_TEXT.has(name.toString())) files.searchListed(path, name)
      }
      folders.push(
        ...content.folders.filter(({ shown }) => !isTop || !NO_TEXT.has(shown.slice(top.length + 1))),
      )
      await setImmediate()
    }
  }
}
