import type { ParsedToken } from '@sallyport/core/key-text'
import type { ScanLog } from '../finds/scan-log.ts'
import { TextSearch } from '../search/text-search.ts'
import type { Git } from './git-process.ts'
import { ObjectReader, type ObjectType } from './object-reader.ts'

/** A token in an object. */
export interface ObjectHit {
  readonly id: string
  readonly type: ObjectType
  readonly token: ParsedToken
  readonly line: number
  readonly column: number
}

/**
 * Searches every object of a repository, whether a commit leads to it or not: files, folders for the names of files,
 * commits and tags. Objects of stashes, reflogs and alternates are among them.
 *
 * @throws GitFailure if git cannot read an object
 */
export async function searchObjects(git: Git, log: ScanLog, found: (hit: ObjectHit) => void): Promise<void> {
  let [id, type]: [string, ObjectType] = ['', 'blob']
  const search = new TextSearch((at) => found({ id, type, ...at }))
  const reader = new ObjectReader({
    begin(...header) {
      ;[id, type] = header
      log.objects += 1
    },
    piece(bytes, from, to, isLast) {
      log.bytes += to - from
      search.search(bytes, from, to, isLast)
    },
    unreadable(object) {
      log.addProblem(`${git.folder.shown}: git cannot read its object ${object}.`)
    },
  })
  // In the order of the packs, git resolves each chain of differences once.
  for await (const bytes of git.run(['cat-file', '--batch-all-objects', '--batch', '--unordered'])) {
    reader.read(bytes)
  }
  reader.end()
}
