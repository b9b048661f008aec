import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const APP = new URL('../', import.meta.url)

/** A statement that changes what a person signs in with. */
const CHANGE =
  /\b(?:passkeys|providerLinks|secondFactors)\.(?:insert|remove|removeAll|save\w+)\(|\bpeople\.update\(/

/** Files that change it without the session of the person, or for callers that are themselves checked here. */
const ELSEWHERE = [
  // The first link by mail, and a link of an owner.
  'people/claim-account.ts',
  'passwords/replace-password.ts',
  // A mailed invitation proves the address.
  'invitations/accept-invitation.ts',
  // Called for a link of one's own, and at a sign-up.
  'providers/link-account.ts',
  // A code is used up.
  'people/second-factor-codes.ts',
]

test('a person changes what they sign in with only by the function that reads the session again', () => {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(new URL(file, APP), 'utf8') }))
    .filter(({ text }) => CHANGE.test(text))
  expect(files.length).toBeGreaterThan(ELSEWHERE.length)
  const unchecked = files.filter(({ text }) => !text.includes('await changeOwnSignIn('))
  expect(unchecked.map(({ file }) => file).toSorted()).toEqual(ELSEWHERE.toSorted())
})
