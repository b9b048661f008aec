import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BlockFile, BlockFileError } from './block-file.ts'

const key = randomBytes(32)
const BLOCKS = ['one', 'two', 'a longer third one'].map((text) => Buffer.from(text))
let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  path = join(folder, 'blocks')
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

async function contentOf(name = 'state', with_ = key): Promise<string[]> {
  const blocks: string[] = []
  const file = await BlockFile.open(path, with_, name, async (block) => {
    blocks.push(block.toString())
    return await Promise.resolve()
  })
  await file[Symbol.asyncDispose]()
  return blocks
}

async function write(blocks: readonly Uint8Array[]): Promise<Buffer> {
  await using file = await BlockFile.create(path, key, 'state', 5)
  for (const block of blocks) await file.append([block], 7)
  return await readFile(path)
}

/** What the marks take, in bytes: each block has 32 bytes beside its own. */
function marksOf(file: Uint8Array, blocks: readonly Uint8Array[]): number {
  return file.length - blocks.reduce((sum, { length }) => sum + length + 32, 0)
}

test('a file has the blocks that were added, and takes more after it was opened', async () => {
  await write(BLOCKS)
  const blocks: string[] = []
  {
    await using file = await BlockFile.open(path, key, 'state', async (block) => {
      blocks.push(block.toString())
      return await Promise.resolve()
    })
    expect(file.atMs).toBe(7)
    await file.append([Buffer.from('four'), Buffer.from('five')], 9)
    await file.append([], 11)
  }
  expect(blocks).toEqual(['one', 'two', 'a longer third one'])
  expect(await contentOf()).toEqual([...blocks, 'four', 'five'])
})

test('a process that ends at any byte of a write leaves what it had written before', async () => {
  const before = await write(BLOCKS.slice(0, 2))
  const after = await write(BLOCKS)
  // The blocks are written first, then the mark at the start of the file.
  for (let length = before.length; length <= after.length; length += 1) {
    await writeFile(path, Buffer.concat([before, after.subarray(before.length, length)]))
    const content = await contentOf()
    expect(['one,two', 'one,two,a longer third one']).toContain(content.join(','))
  }
  const written = Buffer.concat([before, after.subarray(before.length)])
  for (let at = 0; at <= marksOf(before, BLOCKS.slice(0, 2)); at += 1) {
    const partly = Buffer.concat([after.subarray(0, at), written.subarray(at)])
    await writeFile(path, partly)
    expect(await contentOf()).toHaveLength(3)
  }
})

test('a block goes on where a broken write has left bytes', async () => {
  const whole = await write(BLOCKS)
  await writeFile(path, Buffer.concat([whole, randomBytes(100)]))
  {
    await using file = await BlockFile.open(path, key, 'state', async () => await Promise.resolve())
    await file.append([Buffer.from('four')], 9)
  }
  expect(await contentOf()).toEqual(['one', 'two', 'a longer third one', 'four'])
})

test('a file that was cut or altered is refused at each byte', async () => {
  const whole = await write(BLOCKS)
  for (let at = 0; at < whole.length; at += 1) {
    await writeFile(path, whole.subarray(0, at))
    await expect(contentOf()).rejects.toThrow(BlockFileError)
  }
  for (let at = marksOf(whole, BLOCKS); at < whole.length; at += 1) {
    const altered = Buffer.from(whole)
    altered[at] = (altered[at] ?? 0) ^ 1
    await writeFile(path, altered)
    await expect(contentOf()).rejects.toThrow(BlockFileError)
  }
})

test('a file of another gateway or for something else is refused', async () => {
  await write(BLOCKS)
  await expect(contentOf('state', randomBytes(32))).rejects.toThrow(BlockFileError)
  await expect(contentOf('another')).rejects.toThrow(BlockFileError)
})

test('blocks that changed places are refused', async () => {
  const whole = await write([Buffer.from('aaa'), Buffer.from('bbb')])
  const [first, second] = [whole.subarray(-70, -35), whole.subarray(-35)]
  await writeFile(path, Buffer.concat([whole.subarray(0, -70), second, first]))
  await expect(contentOf()).rejects.toThrow(BlockFileError)
})
