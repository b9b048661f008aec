import { createPrivateKey, sign } from 'node:crypto'
import {
  environmentIssuer,
  type Authentication,
  type BasicCredentialRecord,
  type DeploymentRecord,
  type RateLimit,
} from '@sallyport/core'
import { syntheticKey } from './keys.ts'
import { consumerId, ENVIRONMENT, ORGANIZATION, ordersDeployment } from './records.ts'

/*
 * Kinds of credentials, and a route with a rate limit, each at its own route. As with the keys, the server and the load
 * generator agree on the credentials without exchanging a list, and nothing here is secret.
 */

interface AuthVariantRoute {
  readonly path: string
  readonly authentication: Authentication
  readonly rateLimits: readonly RateLimit[]
}

const UNLIMITED: readonly RateLimit[] = []
/** Higher than any run can reach, so that only the counting is measured. */
const NEVER_REACHED: readonly RateLimit[] = [{ requests: 1_000_000_000, per: 'minute', by: 'consumer' }]

export const AUTH_VARIANTS = {
  'api-key': {
    path: '/by-key',
    authentication: { apiKey: true, jwt: false, basic: false },
    rateLimits: UNLIMITED,
  },
  'repeated JWT': {
    path: '/by-jwt',
    authentication: { apiKey: false, jwt: true, basic: false },
    rateLimits: UNLIMITED,
  },
  'JWT with key': {
    path: '/by-both',
    authentication: { apiKey: true, jwt: true, basic: false },
    rateLimits: UNLIMITED,
  },
  Basic: {
    path: '/by-basic',
    authentication: { apiKey: false, jwt: false, basic: true },
    rateLimits: UNLIMITED,
  },
  'limited route': {
    path: '/limited',
    authentication: { apiKey: true, jwt: false, basic: false },
    rateLimits: NEVER_REACHED,
  },
} as const satisfies Readonly<Record<string, AuthVariantRoute>>
export type AuthVariant = keyof typeof AUTH_VARIANTS

/** The number of consumers in the load. Each password is verified once, which is slow. */
export const AUTH_VARIANT_CONSUMERS = 64

const SIGNING_KEY_ID = 'sig_bench'
const PUBLIC_JWK = { kty: 'OKP', crv: 'Ed25519', x: 'JNTe1Vz_jWRDQTPOO3k01tG8DPAfropptRx3g_rzr1Q' } as const
export const PRIVATE_JWK = { ...PUBLIC_JWK, d: 'SMxjgDhrV6_4KB5zuz6AfWzk8Nh1Q9GYPH6LqJO9z3k' }
const TOKEN_SECONDS = 86_400
const PASSWORD = 'bench'
/** The hash of `PASSWORD` with a salt of sixteen bytes with the value 7. */
const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$jfpiJM+PgJdlNv3YQDgFMrxu23woWisk8PNdZTg5TkM'

/** The deployments of the variants, each at its own path. */
export function authVariantDeployments(upstream: string): DeploymentRecord[] {
  return Object.values(AUTH_VARIANTS).map(({ path, authentication, rateLimits }: AuthVariantRoute, index) =>
    // Major 1 is the pipeline of all other rows.
    ordersDeployment(upstream, index + 2, { paths: [`${path}/:id`], authentication, rateLimits }),
  )
}

/** The key that has signed the JWTs of these variants. */
export const SIGNING_KEY = {
  organization: ORGANIZATION,
  environment: ENVIRONMENT,
  id: SIGNING_KEY_ID,
  algorithm: 'EdDSA',
  publicJwk: { ...PUBLIC_JWK, kid: SIGNING_KEY_ID, alg: 'EdDSA', use: 'sig' },
  verifiesUntilMs: null,
} as const

/** The Basic credentials of the consumers in the load. */
export function basicCredentials(): BasicCredentialRecord[] {
  return Array.from({ length: AUTH_VARIANT_CONSUMERS }, (_, number) => ({
    kind: 'basic-credential',
    organization: ORGANIZATION,
    environment: ENVIRONMENT,
    id: `bas_${number}`,
    username: `consumer-${number}`,
    consumer: consumerId(number),
    passwordHash: PASSWORD_HASH,
  }))
}

/** The header lines with a consumer's credentials. */
export function credentialHeaders(variant: AuthVariant, number: number): string[] {
  const { apiKey, jwt, basic } = AUTH_VARIANTS[variant].authentication
  const lines: string[] = []
  if (apiKey) lines.push(`X-Api-Key: ${syntheticKey(number).token}`)
  if (jwt) lines.push(`Authorization: Bearer ${tokenOf(number)}`)
  if (basic) {
    lines.push(`Authorization: Basic ${Buffer.from(`consumer-${number}:${PASSWORD}`).toString('base64')}`)
  }
  return lines
}

/** A JWT as the environment's login pipeline would issue it for a consumer. */
function tokenOf(number: number): string {
  const issuer = environmentIssuer(ORGANIZATION, ENVIRONMENT)
  const issuedAt = Math.floor(Date.now() / 1000)
  const signed = [
    { alg: 'EdDSA', kid: SIGNING_KEY_ID, typ: 'JWT' },
    {
      iss: issuer,
      aud: issuer,
      sub: `consumer-${number}`,
      azp: consumerId(number),
      iat: issuedAt,
      exp: issuedAt + TOKEN_SECONDS,
      jti: String(number),
    },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const key = createPrivateKey({ key: PRIVATE_JWK, format: 'jwk' })
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}
