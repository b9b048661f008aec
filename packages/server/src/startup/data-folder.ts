import { randomBytes } from 'node:crypto'
import { mkdir, open, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode, systemReason } from './system-errors.ts'

/** The files that the server keeps in its data folder. */
export interface DataFiles {
  readonly masterKey: string
  /** Null if the database is a server. */
  readonly database: string | null
}

/** The first bytes of a SQLite database (https://www.sqlite.org/fileformat.html#the_database_header). */
const SQLITE_HEADER = Buffer.from('SQLite format 3\0')

/**
 * Creates the data folder if it is missing, and checks that the server can work in it.
 *
 * @returns what is wrong and how to correct it, or null
 */
export async function prepareDataFolder(folder: string, files: DataFiles): Promise<string | null> {
  try {
    await makeFolder(folder)
    if (!(await stat(folder)).isDirectory()) return `${folder} is not a folder. ${USE_FOLDER}`
  } catch (error) {
    return `The folder ${folder} cannot be created or opened: ${reasonOf(error)}. ${USE_FOLDER}`
  }
  for (const name of [files.masterKey, ...(files.database === null ? [] : [files.database])]) {
    const problem = await fileProblem(join(folder, name), name === files.database)
    if (problem !== null) return problem
  }
  // A folder with the key only is often mounted read-only.
  if (files.database === null && (await exists(join(folder, files.masterKey)))) return null
  return await writeProblem(folder)
}

const USE_FOLDER = 'Use a folder that this user can write to.'

/**
 * Creates a folder and its parents. Unlike `mkdir` with `recursive`, it ends where a file system reports that a new
 * folder's existing parent does not exist, as /proc does.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return
    const parent = dirname(folder)
    if (code !== 'ENOENT' || parent === folder || (await exists(parent))) throw error
    await makeFolder(parent)
    await mkdir(folder, { mode: 0o700 })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Checks a file if it exists: opening a named pipe, for example, would wait without end. */
async function fileProblem(path: string, isDatabase: boolean): Promise<string | null> {
  try {
    if (!(await exists(path))) return null
    if (!(await stat(path)).isFile()) {
      return `${path} is not a file. Move it away, or use another folder.`
    }
    // Opening for appending needs the permission to write, and changes nothing.
    await using file = await open(path, isDatabase ? 'a+' : 'r')
    if (!isDatabase) return null
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_HEADER.length))
    if (bytesRead === 0 || buffer.subarray(0, bytesRead).equals(SQLITE_HEADER)) return null
    return `${path} is not a SQLite database. Restore it from a backup, or move it away to start with an empty one.`
  } catch (error) {
    return `${path} cannot be ${isDatabase ? 'written' : 'read'}: ${systemReason(error)}. Give this user access to it.`
  }
}

async function writeProblem(folder: string): Promise<string | null> {
  const path = join(folder, `.check-${randomBytes(8).toString('hex')}`)
  try {
    await (await open(path, 'wx', 0o600)).close()
    await unlink(path)
    return null
  } catch (error) {
    return `The folder ${folder} cannot be written to: ${reasonOf(error)}. ${USE_FOLDER}`
  }
}

/** A folder's parents exist here, so that a missing file is one that the file system does not let anyone create. */
function reasonOf(error: unknown): string {
  return systemCode(error) === 'ENOENT' ? 'nothing can be created at this path (ENOENT)' : systemReason(error)
}
