import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FilePath, joinPath } from '../files/file-path.ts'

const GIT_FOLDER = Buffer.from('.git')

/** How the repository of a folder is kept: beside its files, or alone. */
export type RepositoryKind = 'with files' | 'bare'

/** Whether a folder is the top of a repository. A folder inside of one is not. */
export function repositoryKind(folder: FilePath): RepositoryKind | undefined {
  // A file `.git` says where the repository of a submodule or of a second working tree is.
  if (existsSync(joinPath(folder, GIT_FOLDER).bytes)) return 'with files'
  const isBare = ['HEAD', 'objects', 'refs'].every((name) =>
    existsSync(joinPath(folder, Buffer.from(name)).bytes),
  )
  return isBare ? 'bare' : undefined
}

/** The nearest repository around a folder that is not one itself, if there is one. */
export function repositoryAround(folder: string): string | undefined {
  let above = folder
  while (dirname(above) !== above) {
    above = dirname(above)
    if (existsSync(join(above, '.git'))) return above
  }
  return undefined
}
