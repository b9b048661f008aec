import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MASTER_KEY_FILE, openMasterKey } from './master-key.ts'

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-key-'))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true })
    },
  }
}

test('the first start creates a key that only its owner can read; later starts read it', async () => {
  await using temporary = await temporaryFolder()
  const folder = join(temporary.path, 'data')
  const key = await openMasterKey({ folder })
  expect(key).toHaveLength(32)
  expect(await openMasterKey({ folder })).toEqual(key)
  expect((await stat(join(folder, MASTER_KEY_FILE))).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readdir(folder)).toEqual([MASTER_KEY_FILE])
})

test('concurrent starts agree on one key', async () => {
  await using temporary = await temporaryFolder()
  const starts = Array.from({ length: 16 }, () => openMasterKey({ folder: temporary.path }))
  const keys = (await Promise.all(starts)).map((key) => Buffer.from(key).toString('hex'))
  expect(new Set(keys).size).toBe(1)
  expect(await readdir(temporary.path)).toEqual([MASTER_KEY_FILE])
})

test('uses a configured key and creates no file', async () => {
  await using temporary = await temporaryFolder()
  const given = randomBytes(32)
  const key = await openMasterKey({ folder: temporary.path, base64: given.toString('base64') })
  expect(Buffer.from(key)).toEqual(given)
  expect(await readdir(temporary.path)).toEqual([])
})

test('rejects a key that is not 32 bytes in base64, without quoting it', async () => {
  await using temporary = await temporaryFolder()
  const right = Buffer.alloc(32, 7).toString('base64')
  for (const base64 of [
    '',
    ' ',
    right.slice(0, -1),
    `A${right}`,
    `${right} `,
    randomBytes(31).toString('base64'),
    'x'.repeat(44),
  ]) {
    const opening = openMasterKey({ folder: temporary.path, base64 })
    await expect(opening).rejects.toThrow('The configured master key is not 32 bytes in base64.')
  }
})

test('rejects a key file that others can read or that is truncated, and leaves it unchanged', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await openMasterKey({ folder })
  const path = join(folder, MASTER_KEY_FILE)
  await chmod(path, 0o640)
  await expect(openMasterKey({ folder })).rejects.toThrow('chmod 600')
  await chmod(path, 0o600)
  await openMasterKey({ folder })
  await writeFile(path, 'AAAA\n')
  await expect(openMasterKey({ folder })).rejects.toThrow(`The content of ${path} is not 32 bytes in base64.`)
  expect(await readFile(path, 'utf8')).toBe('AAAA\n')
})

test('does not replace a key that a database relies on, and reads it once it is restored', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  const opening = openMasterKey({ folder, mayCreate: false })
  await expect(opening).rejects.toThrow(/master\.key is missing, .* Restore the file from your backup/)
  expect(await readdir(folder)).toEqual([])
  const key = await openMasterKey({ folder })
  expect(await openMasterKey({ folder, mayCreate: false })).toEqual(key)
})

test('reports a key file that cannot be read, and does not call it missing', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await symlink(MASTER_KEY_FILE, join(folder, MASTER_KEY_FILE))
  for (const mayCreate of [false, true]) {
    await expect(openMasterKey({ folder, mayCreate })).rejects.toThrow('ELOOP')
  }
  expect(await readdir(folder)).toEqual([MASTER_KEY_FILE])
})

test('leaves no file open', async () => {
  await using temporary = await temporaryFolder()
  await openMasterKey({ folder: temporary.path })
  const descriptors = await readdir('/proc/self/fd')
  // A descriptor can be closed while they are read.
  const open = await Promise.all(
    descriptors.map(async (fd) => await readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  expect(open.filter((path) => path.startsWith(temporary.path))).toEqual([])
})
