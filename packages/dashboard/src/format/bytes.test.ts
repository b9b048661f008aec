import { expect, test } from 'vitest'
import { bytes } from './bytes.ts'

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1_572_864, '1.5 MiB'],
  [4 * 1024 ** 3 - 1, '4 GiB'],
  [4 * 1024 ** 3, '4 GiB'],
  [3 * 1024 ** 5, '3,072 TiB'],
])('%i bytes are %s', (size, text) => {
  expect(bytes(size)).toBe(text)
})
