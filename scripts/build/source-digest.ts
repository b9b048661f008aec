import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The SHA-256 of files, with their names.
 *
 * @param root the folder that the paths start in
 * @param paths of files, and of folders with all that is below
 */
export async function digestOf(root: string, paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map((path) => filesBelow(root, path)))).flat().toSorted()
  const hash = createHash('sha256')
  for (const file of files) {
    const content = await readFile(join(root, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function filesBelow(root: string, path: string): Promise<readonly string[]> {
  const facts = await stat(join(root, path))
  if (!facts.isDirectory()) return [path]
  const names = await readdir(join(root, path))
  return (await Promise.all(names.map((name) => filesBelow(root, `${path}/${name}`)))).flat()
}
