import { expect, test } from 'vitest'
import { claimsOf, isRouteClaim } from './deployment-facts.ts'

test('claims of routes differ from claims of upstreams, also where they are cut', () => {
  const long = 'route'.repeat(200)
  const claims = claimsOf({
    methods: ['GET'],
    paths: ['/orders/:id', '/orders/:other', `/${long}`],
    acceptsPublicKeys: false,
    allowsEncodedSlashes: false,
    upstreams: [`http://${long}.example/`, 'http://route/', 'http://route/other'].map((url) => ({
      url,
      method: null,
    })),
    tokenSecondsMax: 0,
  })
  expect(claims.map(isRouteClaim)).toEqual([true, true, false, false])
})
