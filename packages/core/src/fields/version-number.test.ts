import { expect, test } from 'vitest'
import { parseVersion, VERSION_NUMBER_MAX, versionText } from './version-number.ts'

test.each(['1.0', '1.10', '12.3', `${VERSION_NUMBER_MAX}.${VERSION_NUMBER_MAX}`])(
  'reads %s and writes it back',
  (text) => {
    const parsed = parseVersion(text)
    expect(parsed.ok && versionText(parsed.value)).toBe(text)
  },
)

test.each([
  '',
  '1',
  '1.',
  '.0',
  '0.1',
  '1.0.0',
  '01.0',
  '1.00',
  'v1.0',
  '-1.0',
  '1.0\n',
  '1000000.0',
  '1.1000000',
])('rejects %j', (text) => {
  expect(parseVersion(text)).toMatchObject({ ok: false, problem: expect.any(String) })
})
