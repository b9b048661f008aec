import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { prepareDataFolder } from './data-folder.ts'

const root = await mkdtemp(join(tmpdir(), 'sallyport-data-'))
afterAll(() => rm(root, { recursive: true }))

const SQLITE = { masterKey: 'master.key', database: 'sallyport.db' }
const POSTGRES = { masterKey: 'master.key', database: null }

test('creates a folder with its parents for this user only, and leaves nothing in it', async () => {
  const folder = join(root, 'a', 'b', 'c')
  expect(await prepareDataFolder(folder, SQLITE)).toBeNull()
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readdir(folder)).toEqual([])
  expect(await prepareDataFolder(folder, SQLITE)).toBeNull()
})

test('follows a symbolic link to a folder', async () => {
  await mkdir(join(root, 'target'))
  await symlink(join(root, 'target'), join(root, 'link'))
  expect(await prepareDataFolder(join(root, 'link'), SQLITE)).toBeNull()
})

test.each([
  ['an empty file', '', null],
  ['a database', 'SQLite format 3\0…', null],
  ['a shorter header', 'SQLite format 3', 'is not a SQLite database'],
  ['text', 'not a database at all', 'is not a SQLite database'],
])('checks the database: %s', async (name, content, words) => {
  const folder = join(root, name)
  await mkdir(folder)
  await writeFile(join(folder, 'sallyport.db'), content)
  const problem = await prepareDataFolder(folder, SQLITE)
  if (words === null) expect(problem).toBeNull()
  else expect(problem).toContain(words)
  // The file plays no part if the database is a server.
  expect(await prepareDataFolder(folder, POSTGRES)).toBeNull()
})

test('rejects a folder in place of the master key', async () => {
  const folder = join(root, 'key-folder')
  await mkdir(join(folder, 'master.key'), { recursive: true })
  expect(await prepareDataFolder(folder, POSTGRES)).toContain('master.key is not a file')
})
