import { expect, test } from 'vitest'
import { isJwtHeader } from './jwt-type.ts'

const header = { alg: 'EdDSA', kid: undefined, typ: undefined, cty: undefined }

test('accepts the types of access tokens with and without their prefix, and no type that only ends like one', () => {
  for (const typ of [undefined, 'JWT', 'at+jwt', 'application/jwt', 'Application/AT+JWT']) {
    expect(isJwtHeader({ ...header, typ }, false), typ).toBe(true)
  }
  for (const typ of ['', 'logout+jwt', 'at+application/jwt', 'application/application/jwt']) {
    expect(isJwtHeader({ ...header, typ }, false), typ).toBe(false)
  }
})
