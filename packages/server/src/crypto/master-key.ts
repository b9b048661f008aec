import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** 256 bits, for AES-256. */
const MASTER_KEY_BYTES = 32
/** The file's name in the data folder. */
export const MASTER_KEY_FILE = 'master.key'

const OWNER_ONLY = 0o600
const OTHERS_BITS = 0o077
// 32 bytes are 43 characters and one of padding; the last character carries two bits that must be zero.
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/** Where the master key comes from. */
export interface MasterKeySource {
  /** The data folder; created if it is missing. */
  readonly folder: string
  /** The value of `SALLYPORT_MASTER_KEY`. If it is set, no file is read or created. */
  readonly base64?: string | undefined
  /** Whether a missing file is created, which is so unless given: false when a database already relies on the key. */
  readonly mayCreate?: boolean
}

/**
 * Returns the 32-byte key that encrypts every stored secret that must be read back. Without a configured value, the key
 * is read from a file in the data folder. The first start creates that file atomically, readable by its owner only.
 *
 * @throws Error if the value is not 32 bytes in base64, other users can read the file, or it is missing and may not be
 *   created; never quotes the value
 */
export async function openMasterKey({
  folder,
  base64,
  mayCreate = true,
}: MasterKeySource): Promise<Uint8Array> {
  if (base64 !== undefined) return decode(base64, 'The configured master key')
  const path = join(folder, MASTER_KEY_FILE)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await exists(path))) {
    if (!mayCreate) {
      throw new Error(
        `The master key ${path} is missing, but the database holds secrets that are sealed under it. Restore the file ` +
          'from your backup, or set SALLYPORT_MASTER_KEY to its content.',
      )
    }
    await create(folder, path)
  }
  // Windows has no such mode bits; there the folder's own permissions protect the file.
  if (process.platform !== 'win32' && ((await stat(path)).mode & OTHERS_BITS) !== 0) {
    throw new Error(`Other users can read ${path}. Restrict it to its owner: chmod 600 ${path}`)
  }
  return decode((await readFile(path, 'utf8')).trim(), `The content of ${path}`)
}

function decode(base64: string, source: string): Uint8Array {
  if (!BASE64.test(base64)) {
    throw new Error(`${source} is not ${MASTER_KEY_BYTES} bytes in base64. Restore the original master key.`)
  }
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
 * Writes the key to a temporary file and links it into place. A link fails if the target exists, so two processes that
 * start at the same time agree on one key, and a crash never leaves a partial file.
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

/** Makes a new directory entry survive a power failure. Windows cannot open folders and does not need it. */
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
