import { expect, test } from 'vitest'
import { isBroad } from './permissions.ts'

test.each([
  ['calls every pipeline', [{ permission: 'pipelines.invoke' }], false],
  ['reads one pipeline', [{ permission: 'pipelines.read', pipeline: 'orders' }], false],
  ['reads every pipeline', [{ permission: 'pipelines.read' }], true],
  ['reads the keys of an environment', [{ permission: 'keys.read', environment: 'prod' }], true],
  ['calls pipelines and reads keys', [{ permission: 'pipelines.invoke' }, { permission: 'keys.read' }], true],
])('a role that %s: broad is %j', (_, permissions, expected) => {
  expect(isBroad(permissions)).toBe(expected)
})
