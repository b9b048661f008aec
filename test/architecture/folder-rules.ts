import { posix } from 'node:path'
import { isTest } from './import-rules.ts'
import type { SourceFile } from './source-file.ts'

/** More files than this need subfolders by subject. */
export const FOLDER_FILES_MAX = 25

/** Whether a file is part of the product: tests, their fixtures and models are not. */
function isProduct({ path }: SourceFile): boolean {
  return !isTest(path) && !path.includes('/testing/')
}

/**
 * Checks the folders of `packages/`: none is too large, and no two import each other, directly or through others. A
 * folder and its own subfolder count as two, except in a page of the dashboard.
 *
 * @returns a sentence for each violation
 */
export function folderViolations(files: readonly SourceFile[]): string[] {
  const product = files.filter(isProduct)
  return [...largeFolders(product), ...folderCycles(product)]
}

function largeFolders(files: readonly SourceFile[]): string[] {
  const byFolder = Map.groupBy(files, ({ path }) => posix.dirname(path))
  return [...byFolder].flatMap(([folder, members]) =>
    members.length > FOLDER_FILES_MAX
      ? [`${folder} has ${members.length} files, more than ${FOLDER_FILES_MAX}: split it by subject.`]
      : [],
  )
}

/** A page of the dashboard, with everything below it. */
const PAGE = /^packages\/dashboard\/src\/pages\/[^/]+/

/** The folder that a file counts to. */
function unitOf(path: string): string {
  return PAGE.exec(path)?.[0] ?? posix.dirname(path)
}

function folderCycles(files: readonly SourceFile[]): string[] {
  const imports = new Map<string, Map<string, string>>()
  for (const file of files) {
    const from = unitOf(file.path)
    const targets = imports.get(from) ?? new Map<string, string>()
    imports.set(from, targets)
    for (const { path } of file.imports) {
      if (path === undefined) continue
      const to = unitOf(path)
      if (to !== from && !targets.has(to)) targets.set(to, `${file.path} → ${path}`)
    }
  }
  const violations: string[] = []
  const done = new Set<string>()
  const visit = (folder: string, trail: readonly string[]): void => {
    const start = trail.indexOf(folder)
    if (start !== -1) {
      const cycle = [...trail.slice(start), folder]
      const steps = cycle.slice(1).map((to, index) => imports.get(cycle[index] ?? '')?.get(to) ?? '')
      violations.push(`These folders import each other: ${steps.join(', ')}.`)
      return
    }
    if (done.has(folder)) return
    for (const target of imports.get(folder)?.keys() ?? []) visit(target, [...trail, folder])
    done.add(folder)
  }
  for (const folder of imports.keys()) visit(folder, [])
  return violations
}
