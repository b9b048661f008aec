import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const PROGRAM = `
import { readlinkSync } from 'node:fs'
import { getPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { lowerThreadPriority } from ${JSON.stringify(new URL('./thread-priority.ts', import.meta.url).href)}
const own = () => getPriority(Number(/\\d+$/.exec(readlinkSync('/proc/thread-self'))[0]))
const before = own()
lowerThreadPriority()
parentPort.postMessage([before, own()])
`

test('lowers the priority of one thread only, where each has one', async () => {
  if (process.platform !== 'linux') return
  const before = getPriority()
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`))
  const [[own, lowered]] = (await once(thread, 'message')) as [[number, number]]
  expect([own, lowered]).toEqual([before, Math.min(19, before + 5)])
  expect(getPriority()).toBe(before)
})
