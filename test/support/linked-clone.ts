import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

/** Makes a folder that looks like a clone of this repository, for commands of documents that write files. @returns its path */
export async function linkedClone(parent: string): Promise<string> {
  const clone = join(parent, 'clone')
  await mkdir(clone)
  for (const part of ['packages', 'node_modules', 'package.json'])
    await symlink(join(ROOT, part), join(clone, part))
  await cp(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true })
  return clone
}
