import { resolve } from 'node:path'
import type { FilePath } from './files/file-path.ts'
import { FileSearch } from './files/file-search.ts'
import { readFolder } from './files/folder.ts'
import type { Finds } from './finds/finds.ts'
import type { ScanLog } from './finds/scan-log.ts'
import { repositoryAround, repositoryKind } from './git/repository.ts'
import { RepositoryScan } from './repository-scan.ts'

/** What to scan. */
export interface ScanPlan {
  readonly paths: readonly string[]
  /** The folder that relative paths start at. */
  readonly workingFolder: string
  /** Whether the files that `.gitignore` excludes are scanned too. */
  readonly includesIgnored: boolean
  /** The environment of git. */
  readonly env: NodeJS.ProcessEnv
}

/** Scans files, folders, and repositories with their histories. What cannot be read is a problem in the log. */
export async function scanPaths(plan: ScanPlan, finds: Finds, log: ScanLog): Promise<void> {
  const files = new FileSearch(finds, log)
  for (const path of plan.paths) {
    const named = { bytes: Buffer.from(resolve(plan.workingFolder, path)), shown: path }
    if (files.searchNamed(named) !== 'folder') continue
    const around = repositoryKind(named) === undefined ? repositoryAround(named.bytes.toString()) : undefined
    if (around !== undefined) {
      log.notes.push(`${path} is inside a repository: its files are scanned, but no history. Scan ${around}.`)
    }
    await scanFolder(named)
  }

  async function scanFolder(folder: FilePath): Promise<void> {
    const kind = repositoryKind(folder)
    if (kind !== undefined) {
      const parts = { finds, log, files, scanFolder, scanPlainFolder }
      await new RepositoryScan(folder, kind, plan, parts).run()
      return
    }
    await scanPlainFolder(folder)
  }

  async function scanPlainFolder(folder: FilePath): Promise<void> {
    const content = readFolder(folder, log)
    for (const { path, name } of content.files) files.searchListed(path, name)
    for (const path of content.folders) await scanFolder(path)
  }
}
