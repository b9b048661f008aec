import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from './source-digest.ts'

export const ROOT = join(import.meta.dirname, '..', '..')

/** The file in a built folder that says what it was built from. */
const STAMP = 'built-from'

/** Files that are built from others. */
export interface BuiltFolder {
  /** Whether the built files are those of the sources as they are. */
  isBuilt(): Promise<boolean>
  /** Builds the files anew. Two builds can run at a time. */
  build(): Promise<void>
}

/**
 * The folder `dist` of a package. It is built beside the old one, which it then replaces.
 *
 * @param folder the package
 * @param sources everything that the built files depend on: files, and folders with all that is below, from the root
 * @param write builds the files into a folder that exists and is empty
 */
export function builtFolder(
  folder: string,
  sources: readonly string[],
  write: (into: string) => Promise<void>,
): BuiltFolder {
  const built = join(folder, 'dist')
  const isBuilt = async (): Promise<boolean> => {
    const stamp = await readFile(join(built, STAMP), 'utf8').catch(() => undefined)
    return stamp === (await digestOf(ROOT, sources))
  }
  return {
    isBuilt,
    async build() {
      const digest = await digestOf(ROOT, sources)
      const next = await mkdtemp(join(folder, 'dist-'))
      try {
        await write(next)
        await writeFile(join(next, STAMP), digest)
        // Temporary folders are for their owner only.
        await chmod(next, 0o755)
        await rm(built, { recursive: true, force: true })
        await rename(next, built)
      } catch (error) {
        await rm(next, { recursive: true, force: true })
        // Another build was faster.
        if (!(await isBuilt())) throw error
      }
    },
  }
}
