import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { attemptOptions, leaveBody, type UpstreamOptions } from './dispatch-options.ts'

const OPTIONS: UpstreamOptions = { origin: 'http://one.example', path: '/', method: 'POST' }

function bodyOf(options: UpstreamOptions): Readable {
  if (!(options.body instanceof Readable)) throw new Error('the attempt has no body')
  return options.body
}

test('an attempt that is given up before it is connected leaves all of the body to the next one', async () => {
  const chunks = Array.from({ length: 100 }, (_, index) => Buffer.alloc(10_000, index))
  const body = Readable.from(chunks)
  const first = attemptOptions(OPTIONS, 'http://one.example', body)
  leaveBody(first)
  const second = attemptOptions(first, 'http://two.example', body)
  // undici connects late, and reads before it learns that the attempt is over.
  bodyOf(first).read(0)
  await nextTurn()
  expect(await buffer(bodyOf(second))).toEqual(Buffer.concat(chunks))
})

test('an attempt that is given up in the middle does not end the body', async () => {
  const body = Readable.from([Buffer.from('one'), Buffer.from('two'), Buffer.from('three')])
  const first = attemptOptions(OPTIONS, 'http://one.example', body)
  bodyOf(first).read(0)
  await nextTurn()
  leaveBody(first)
  await nextTurn()
  expect(body.destroyed).toBe(false)
})
