import {
  CLAIM_NAME_CHARS_MAX,
  CLAIMS_MAX,
  LOGIN_KEY_CLAIM,
  REGISTERED_CLAIMS,
  TOKEN_SECONDS_MAX,
  type CredentialsVerifyStep,
  type JwtDecodeStep,
  type JwtGenerateStep,
} from '@sallyport/core'
import { z } from 'zod'
import { expression } from './expression.ts'

const SCOPES_MAX = 50
const SCOPE_CHARS_MAX = 200
/** RFC 6749 section 3.3. */
const SCOPE_TOKEN = /^[!#-[\]-~]+$/
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u

const DURATION = /^([1-9][0-9]{0,8})([smhd])$/
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const LIFETIME =
  'A lifetime is a whole number of seconds, or text such as "15m", "12h" or "30d", from 1 second to 365 days.'

const expiresIn = z
  .union([z.int(), z.string()], LIFETIME)
  .describe('How long the JWT lives: whole seconds, or text such as "15m", "12h" or "30d".')
  .transform((lifetime, check): number => {
    const seconds = typeof lifetime === 'number' ? lifetime : secondsOf(lifetime)
    if (seconds !== undefined && seconds >= 1 && seconds <= TOKEN_SECONDS_MAX) return seconds
    check.addIssue(LIFETIME)
    return z.NEVER
  })

const claims = z
  .union(
    [
      expression,
      z.record(z.string(), expression).superRefine((named, check) => {
        const names = Object.keys(named)
        if (names.length > CLAIMS_MAX) {
          check.addIssue({ code: 'custom', message: `At most ${CLAIMS_MAX} claims can be set.` })
        }
        for (const name of names.slice(0, CLAIMS_MAX)) {
          const message = claimNameProblem(name)
          if (message !== undefined) check.addIssue({ code: 'custom', path: [name], message })
        }
      }),
    ],
    'Claims are an expression that returns an object, or an object with an expression for each claim.',
  )
  .optional()
  .describe('Further claims of the JWT.')

/** The scopes of a token. */
export const scopeList = z
  .array(
    z
      .string()
      .max(SCOPE_CHARS_MAX)
      .regex(
        SCOPE_TOKEN,
        'A scope consists of visible ASCII without spaces, "\\"" and "\\\\", such as orders:read.',
      ),
  )
  .max(SCOPES_MAX)
  .refine((list) => new Set(list).size === list.length, 'A scope is listed twice.')

const scopes = z
  .union([expression, scopeList], 'Scopes are an expression, or a list of scopes such as ["orders:read"].')
  .optional()
  .describe('The claim `scope` of the JWT.')

export const credentialsVerify = z
  .strictObject({
    username: expression.describe('An expression for the username.'),
    password: expression.describe('An expression for the password.'),
  })
  .transform((step): CredentialsVerifyStep => ({ kind: 'credentials.verify', ...step }))

export const jwtGenerate = z
  .strictObject({
    subject: expression.describe('An expression for the claim `sub`.'),
    claims,
    scopes,
    expiresIn,
  })
  .transform((step): JwtGenerateStep => ({
    kind: 'jwt.generate',
    subject: step.subject,
    claims: step.claims ?? null,
    scopes: step.scopes ?? null,
    expiresInSeconds: step.expiresIn,
  }))

export const jwtDecode = z
  .strictObject({ token: expression.describe('An expression for the JWT.') })
  .transform((step): JwtDecodeStep => ({ kind: 'jwt.decode', ...step }))

function secondsOf(text: string): number | undefined {
  const [, count = '', unit = ''] = DURATION.exec(text) ?? []
  const seconds = UNIT_SECONDS[unit]
  return seconds === undefined ? undefined : Number(count) * seconds
}

function claimNameProblem(name: string): string | undefined {
  if (name === 'scope') return 'Use `scopes` for the claim scope.'
  if (name === 'sub') return 'Use `subject` for the claim sub.'
  if (name === LOGIN_KEY_CLAIM)
    return `Sallyport sets the claim ${name}, the API key that logged in. Remove it.`
  if (REGISTERED_CLAIMS.includes(name)) return `Sallyport sets the claim ${name}. Remove it.`
  if (name === '' || name.length > CLAIM_NAME_CHARS_MAX || !PRINTABLE.test(name)) {
    return `A claim's name has 1 to ${CLAIM_NAME_CHARS_MAX} printable characters.`
  }
  return undefined
}
