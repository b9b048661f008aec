import { dirname } from 'node:path'
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
