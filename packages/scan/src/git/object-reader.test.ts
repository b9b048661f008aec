import { describe, expect, test } from 'vitest'
import { ObjectReader } from './object-reader.ts'

const ID = 'ab'.repeat(20)

/** What a receiver gets of an output that arrives in pieces. */
function read(output: string, pieceBytes: number): string[] {
  const received: string[] = []
  let content = ''
  const reader = new ObjectReader({
    unreadable: (id) => received.push(`unreadable ${id}`),
    begin: (id, type) => received.push(`${type} ${id}`),
    piece(bytes, from, to, isLast) {
      content += bytes.toString('utf8', from, to)
      if (!isLast) return
      received.push(content)
      content = ''
    },
  })
  const bytes = Buffer.from(output)
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    reader.read(bytes.subarray(from, from + pieceBytes))
  }
  reader.end()
  return received
}

describe('the output of git cat-file', () => {
  const output = `${ID} blob 12\nhello\nworld\n\n${ID} tree 0\n\n${ID} commit 1\n\n\n${ID} missing\n${ID} tag 3\nend\n`

  test.each([1, 2, 7, 47, 48, 49, 60, 1000])('is read in pieces of %d bytes', (pieceBytes) => {
    expect(read(output, pieceBytes)).toEqual([
      `blob ${ID}`,
      'hello\nworld\n',
      `tree ${ID}`,
      `commit ${ID}`,
      '\n',
      `unreadable ${ID}`,
      `tag ${ID}`,
      'end',
    ])
  })

  test.each([
    ['ends in a content', `${ID} blob 12\nhello`],
    ['ends in a header', `${ID} blob`],
    ['ends before the line feed after a content', `${ID} blob 2\nab`],
    ['has an object of an unknown type', `${ID} note 1\na\n`],
    ['has a size that is no number', `${ID} blob x\n`],
    ['has no header', 'x'.repeat(200)],
  ])('is refused if it %s', (_name, broken) => {
    expect(() => read(broken, 10)).toThrow('git cat-file')
  })
})
