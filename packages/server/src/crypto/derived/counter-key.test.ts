import { expect, test } from 'vitest'
import { counterKeys, counterSecret } from './counter-key.ts'

type Name = ReturnType<typeof counterKeys>

test('the key of a counter depends on each character of its name, and on the master key', () => {
  const [keyOf, other] = [0, 1].map((byte) => counterKeys(counterSecret(new Uint8Array(32).fill(byte)))) as [
    Name,
    Name,
  ]
  const name = 'credentials acme prod orders minute consumer con_1'
  expect(keyOf(name)).toMatch(/^[\w-]{22}$/)
  expect(keyOf(name)).toBe(keyOf(name))
  expect(
    new Set([keyOf(name), keyOf(`${name}1`), keyOf(name.replace('acme', 'acmf')), other(name)]).size,
  ).toBe(4)
})
