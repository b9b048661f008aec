import { expect, test } from 'vitest'
import { fieldName } from './fields.ts'

test.each([
  ['/owner/email', 'E-mail address'],
  ['/addressRules/0', 'Address rules, 1'],
  ['/expiresAt', 'Expires'],
  ['/url', 'Address'],
  ['/spec/steps/0/proxy/url', 'URL'],
  ['/spec/trigger/path', 'Path'],
  ['limit', 'Limit'],
  ['/constructor', 'Constructor'],
  ['', ''],
])('the place "%s" is called "%s"', (place, name) => {
  expect(fieldName(place)).toBe(name)
})
