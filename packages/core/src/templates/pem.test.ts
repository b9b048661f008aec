import { describe, expect, test } from 'vitest'
import { pemBlocks, pemText } from './pem.ts'

const BODY = `${'A'.repeat(64)}\n${'B'.repeat(10)}==`
const PEM = `-----BEGIN CERTIFICATE-----\n${BODY}\n-----END CERTIFICATE-----\n`

describe('A block is read', () => {
  test.each([
    ['as written', PEM],
    ['with spaces for line breaks', PEM.replaceAll('\n', ' ')],
    ['without line breaks', PEM.replaceAll('\n', '')],
    ['with escaped line breaks', PEM.replaceAll('\n', String.raw`\n`)],
    ['with line breaks of Windows', PEM.replaceAll('\n', '\r\n')],
    ['after other text', `subject=CN = a\n${PEM}`],
  ])('%s', (_, text) => {
    const [block] = pemBlocks(text)
    expect(block).toEqual({ label: 'CERTIFICATE', content: BODY.replace('\n', '') })
    expect(block && pemText(block)).toBe(PEM)
  })
})

test('Several blocks are read in order', () => {
  const key = PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')
  expect(pemBlocks(PEM + key + PEM).map(({ label }) => label)).toEqual([
    'CERTIFICATE',
    'PRIVATE KEY',
    'CERTIFICATE',
  ])
})

test.each([
  ['nothing', ''],
  ['other text', 'MIIB'],
  ['no end', PEM.slice(0, -30)],
  ['another end', PEM.replace('END CERTIFICATE', 'END PRIVATE KEY')],
  ['a second block that is broken', `${PEM}-----BEGIN CERTIFICATE-----\nA`],
  ['what is no Base64', PEM.replace('AAAA', 'A?AA')],
  ['headers of an encrypted key', PEM.replace('\nA', '\nProc-Type: 4,ENCRYPTED\n\nA')],
  ['an empty block', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
])('Nothing is read from a text with %s', (_, text) => {
  expect(pemBlocks(text)).toEqual([])
})
