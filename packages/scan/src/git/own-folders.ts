import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Git } from './git-process.ts'

const LINE_FEED = 10

/**
 * The folders in which git keeps a repository, absolute: one, or two for a further working tree, whose own folder is below
 * the shared one.
 *
 * @throws GitFailure if git does not accept the repository
 */
export async function gitFolders(git: Git): Promise<string[]> {
  const folders: string[] = []
  const ask = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--git-dir']
  for await (const line of git.parts(ask, LINE_FEED)) folders.push(line.toString())
  const [common = '', own = ''] = folders
  return own === common || dirname(dirname(own)) === common ? [common] : [common, own]
}

/** Why a repository lacks a part of its history, from its shared folder; undefined if it has all of it. */
export function missingHistory(folder: string): string | undefined {
  if (existsSync(join(folder, 'shallow'))) {
    return 'is a shallow clone: the commits before its first one are not scanned. Run "git fetch --unshallow".'
  }
  // A clone that fetches files when it needs them marks its packs so.
  const packs = join(folder, 'objects', 'pack')
  if (existsSync(packs) && readdirSync(packs).some((name) => name.endsWith('.promisor'))) {
    return 'is a partial clone: files that were not fetched yet are not scanned. Clone it without --filter.'
  }
  return undefined
}
