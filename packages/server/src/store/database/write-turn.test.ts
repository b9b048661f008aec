import { expect, test } from 'vitest'
import { WriteTurn } from './write-turn.ts'

test('A write that is late during its commit may have been done, and its refusal says so', () => {
  const turn = new WriteTurn(
    () => 10,
    () => undefined,
  )
  turn.start(5)
  expect(turn.refusal().message).toContain('was not done')
  expect(() => turn.requireTime()).toThrow('was not done')
  turn.commits()
  expect(turn.refusal().message).toContain('may have been done')
  turn.end()
  turn.start(5)
  expect(turn.refusal().message).toContain('was not done')
})
