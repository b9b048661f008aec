import { expect, test } from 'vitest'
import { webAddress } from './web-address.ts'

test.each(['https://github.com/acme/app/blob/1/key.txt', 'http://example.com/'])(
  '%s may be opened',
  (place) => {
    expect(webAddress(place)?.href).toBe(place)
  },
)

test.each([
  null,
  '',
  'key.txt',
  '//github.com/',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
])('%s may not be opened', (place) => {
  expect(webAddress(place)).toBeUndefined()
})
