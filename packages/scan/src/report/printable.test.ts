import { tokenHint } from '@sallyport/core/key-text'
import { expect, test } from 'vitest'
import { miscopied, sampleToken } from '../testing/sample-tokens.ts'
import { printable, withoutTokens } from './printable.ts'

const TOKEN = sampleToken(1)

test.each([
  ['a token', `a/${TOKEN}/b`, `a/${tokenHint(TOKEN)}/b`],
  ['the token of a public key', sampleToken(2, 'public'), tokenHint(sampleToken(2, 'public'))],
  ['a token with a wrong check', miscopied(TOKEN), tokenHint(TOKEN)],
  ['a token in a longer word', `x${TOKEN}y`, `x${tokenHint(TOKEN)}y`],
  ['two tokens', `${TOKEN} ${TOKEN}`, `${tokenHint(TOKEN)} ${tokenHint(TOKEN)}`],
])('%s is shortened', (_name, text, shown) => {
  expect(withoutTokens(text)).toBe(shown)
  expect(printable(text)).toBe(shown)
})

test.each([
  ['an escape character', '\u001B[2J', String.raw`\x1b[2J`],
  ['a line feed', 'a\nb', String.raw`a\nb`],
  ['a carriage return and a tab', '\r\t', String.raw`\r\t`],
  ['a control character of Latin-1', '\u009B', String.raw`\x9b`],
  ['letters outside of ASCII', 'é中😀', 'é中😀'],
])('%s is printed so that a terminal shows it', (_name, text, shown) => {
  expect(printable(text)).toBe(shown)
})
