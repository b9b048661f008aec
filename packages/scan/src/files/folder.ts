import { type Dirent, readdirSync } from 'node:fs'
import type { ScanLog } from '../finds/scan-log.ts'
import { type FilePath, joinPath } from './file-path.ts'

/** The files and folders directly in a folder. Links and devices are left out. */
export interface FolderContent {
  readonly files: readonly { readonly path: FilePath; readonly name: Buffer }[]
  readonly folders: readonly FilePath[]
}

/** Lists a folder. A folder that cannot be read is a problem in the log. */
export function readFolder(folder: FilePath, log: ScanLog): FolderContent {
  let entries: Dirent<Buffer>[] = []
  try {
    entries = readdirSync(folder.bytes, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    log.addProblem(`${folder.shown} cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}.`)
  }
  const pathOf = ({ name }: Dirent<Buffer>): FilePath => joinPath(folder, name)
  return {
    files: entries
      .filter((entry) => entry.isFile())
      .map((entry) => ({ path: pathOf(entry), name: entry.name })),
    folders: entries.filter((entry) => entry.isDirectory()).map(pathOf),
  }
}
