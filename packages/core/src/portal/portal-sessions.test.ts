import { expect, test } from 'vitest'
import { parsePortalSeconds } from './portal-sessions.ts'

test.each([60, 3600, 86_400])('accepts a session of %d seconds', (seconds) => {
  expect(parsePortalSeconds(seconds).ok).toBe(true)
})

test.each([59, 86_401, 3600.5, 0, -60, Number.NaN])('refuses a session of %d seconds', (seconds) => {
  expect(parsePortalSeconds(seconds).ok).toBe(false)
})
