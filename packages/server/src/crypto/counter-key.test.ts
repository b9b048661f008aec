import { expect, test } from 'vitest'
import { counterKeys } from './counter-key.ts'

test('the key of a counter depends on each character of its name, and on the master key', () => {
  const [keyOf, other] = [counterKeys(new Uint8Array(32)), counterKeys(new Uint8Array(32).fill(1))]
  const name = 'credentials acme prod orders minute consumer con_1'
  expect(keyOf(name)).toMatch(/^[\w-]{22}$/)
  expect(keyOf(name)).toBe(keyOf(name))
  expect(
    new Set([keyOf(name), keyOf(`${name}1`), keyOf(name.replace('acme', 'acmf')), other(name)]).size,
  ).toBe(4)
})
