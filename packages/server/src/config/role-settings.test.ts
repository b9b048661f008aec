import { expect, test } from 'vitest'
import { readConfig } from './read-config.ts'
import { requireRoleSettings, type Role } from './role-settings.ts'

const TOKEN = `spe_${'A'.repeat(43)}.${'b'.repeat(43)}`
const CONTROL = { SALLYPORT_CONTROL_URL: 'https://control.example.com' }
const DATABASE = { SALLYPORT_DATABASE_URL: 'postgres://sallyport@db.example.com/sallyport' }
const GATEWAY_URL = { SALLYPORT_GATEWAY_URL: 'https://api.example.com' }

test.each<[Role, Readonly<Record<string, string>>]>([
  ['all', {}],
  ['all', { ...DATABASE, ...GATEWAY_URL }],
  ['control', { ...DATABASE, ...GATEWAY_URL }],
  ['gateway', CONTROL],
  ['gateway', { ...CONTROL, SALLYPORT_ENROLMENT_TOKEN: TOKEN }],
])('%s starts with %j', (role, settings) => {
  requireRoleSettings(role, readConfig(settings))
})

test.each<[Role, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'all',
    { ...CONTROL, SALLYPORT_ENROLMENT_TOKEN: TOKEN },
    ['SALLYPORT_CONTROL_URL', 'SALLYPORT_ENROLMENT_TOKEN'],
  ],
  ['control', DATABASE, ['SALLYPORT_GATEWAY_URL']],
  ['gateway', {}, ['SALLYPORT_CONTROL_URL']],
  [
    'gateway',
    { ...CONTROL, ...DATABASE, SALLYPORT_SETUP_TOKEN: 'set-up-token-of-a-test' },
    ['SALLYPORT_DATABASE_URL', 'SALLYPORT_SETUP_TOKEN'],
  ],
])('%s does not start with %j', (role, settings, variables) => {
  let message = ''
  try {
    requireRoleSettings(role, readConfig(settings))
  } catch (error) {
    message = String(error)
  }
  for (const variable of variables) expect(message).toContain(`${variable}: `)
  expect(message).not.toContain(TOKEN)
})
