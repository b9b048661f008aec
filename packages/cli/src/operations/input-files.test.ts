import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputFiles } from './input-files.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-files-'))
  await writeFile(join(folder, 'binary'), Buffer.from([0x61, 0xff]))
  await writeFile(join(folder, 'text'), '\uFEFFé\n')
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

test('a text is read as it is, from a file and from standard input', async () => {
  const files = new InputFiles(Readable.from([Buffer.from([0xc3]), Buffer.from([0xa9])]))
  expect(await files.text('-')).toBe('é')
  expect(await files.text(join(folder, 'text'))).toBe('\uFEFFé\n')
})

test('standard input is read only once', async () => {
  const files = new InputFiles(Readable.from([]))
  await files.content('-')
  await expect(files.text('-')).rejects.toThrow('Standard input can be read only once.')
  await expect(files.content('-')).rejects.toThrow('Standard input can be read only once.')
})

test.each([
  ['binary', 'is not a text in UTF-8.'],
  ['', 'cannot be read: it is a folder.'],
  ['nothing', 'cannot be read: there is no such file.'],
  ['text/below', 'ENOTDIR'],
])('the file "%s" is refused as a text', async (name, message) => {
  await expect(new InputFiles(Readable.from([])).text(join(folder, name))).rejects.toThrow(message)
})

test('what never ends is refused as a text', async () => {
  await expect(new InputFiles(createReadStream('/dev/zero')).text('-')).rejects.toThrow('is longer than')
})

test('the content of a file is sent byte by byte', async () => {
  const files = new InputFiles(Readable.from([Buffer.from('from a pipe')]))
  const blob = await files.content(join(folder, 'binary'))
  expect(blob).toBeInstanceOf(Blob)
  expect(Buffer.from(await (blob as Blob).arrayBuffer())).toEqual(Buffer.from([0x61, 0xff]))
  expect(await text((await files.content('-')) as ReadableStream<Uint8Array>)).toBe('from a pipe')
  // A pipe has no length that could be sent before its content.
  expect(await files.content('/dev/null')).toBeInstanceOf(ReadableStream)
  await expect(files.content(folder)).rejects.toThrow('cannot be read: it is a folder.')
  await expect(files.content(join(folder, 'nothing'))).rejects.toThrow('there is no such file.')
})
