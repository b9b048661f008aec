import { MessageChannel } from 'node:worker_threads'
import { Problem } from '@sallyport/core'
import { afterEach, expect, test } from 'vitest'
import { callsOver } from './thread-calls.ts'

const OPEN: MessageChannel[] = []

interface Calls {
  add(one: number, other: number): Promise<number>
  refuse(): Promise<never>
  unclonable(): Promise<unknown>
  note(text: string): void
}

function connect(functions: Calls) {
  const channel = new MessageChannel()
  OPEN.push(channel)
  callsOver(channel.port1, functions)
  return callsOver<Calls, object>(channel.port2, {})
}

afterEach(() => {
  for (const { port1 } of OPEN.splice(0)) port1.close()
})

function calls(notes: string[] = []): Calls {
  return {
    add: async (one, other) => await Promise.resolve(one + other),
    refuse: async () => await Promise.reject(new Problem('not_found', { detail: 'There is none.' })),
    unclonable: async () => await Promise.resolve(() => 1),
    note: (text) => void notes.push(text),
  }
}

test('a call returns the result of the other thread', async () => {
  const other = connect(calls())
  expect(await Promise.all([other.add(1, 2), other.add(3, 4)])).toEqual([3, 7])
})

test('a refusal arrives as the same problem', async () => {
  const refused = await connect(calls())
    .refuse()
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Problem)
  expect(refused).toMatchObject({ code: 'not_found', detail: 'There is none.' })
})

test('events arrive before the calls that follow them', async () => {
  const notes: string[] = []
  const other = connect(calls(notes))
  void other.note.asEvent('first')
  void other.note.asEvent('second')
  await other.add(1, 1)
  expect(notes).toEqual(['first', 'second'])
})
