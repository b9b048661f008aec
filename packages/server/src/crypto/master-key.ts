import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** 256 bits, for AES-256. */
const MASTER_KEY_BYTES = 32
/** The file's name in the data folder. */
export const MASTER_KEY_FILE = 'master.key'

const OWNER_ONLY = 0o600
const OTHERS_BITS = 0o077
// 32 bytes are 43 characters and one of padding, whose last character carries two bits that must be zero.
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/** Where the master key comes from. */
export interface MasterKeySource {
  /** The data folder, made where it is missing. */
  readonly folder: string
  /** `SALLYPORT_MASTER_KEY` where it is set; then no file is read or made. */
  readonly base64?: string | undefined
}

/**
 * Gives the 32 bytes under which everything is sealed that must be read back. Without a given one it is read from a
 * file in the data folder, which is made on the first start: whole or not at all, and for its owner alone.
 *
 * @throws Error for a value that is not 32 bytes of base64, or a file that others may read; never with the value in it
 */
export async function openMasterKey({ folder, base64 }: MasterKeySource): Promise<Uint8Array> {
  if (base64 !== undefined) return decode(base64, 'The master key that was given')
  const path = join(folder, MASTER_KEY_FILE)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await exists(path))) await create(folder, path)
  // Windows has no such bits; there the folder's own permissions guard the file.
  if (process.platform !== 'win32' && ((await stat(path)).mode & OTHERS_BITS) !== 0) {
    throw new Error(`Others may read ${path}. Give it to its owner alone: chmod 600 ${path}`)
  }
  return decode((await readFile(path, 'utf8')).trim(), `What ${path} holds`)
}

function decode(base64: string, what: string): Uint8Array {
  if (!BASE64.test(base64)) throw new Error(`${what} is not ${MASTER_KEY_BYTES} bytes as base64.`)
  return Buffer.from(base64, 'base64')
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    throw error
  }
}

/**
 * Writes the file under a name of its own and links it into place: a link fails where there is one already, so of two
 * processes that start at once one makes the key and both read the same, and a crash leaves no half of it.
 */
async function create(folder: string, path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  const file = await open(draft, 'wx', OWNER_ONLY)
  try {
    await file.writeFile(`${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  await syncFolder(folder)
}

/** Makes a new name in a folder survive a power cut. Windows cannot open a folder, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
