import { randomBytes } from 'node:crypto'
import {
  environmentIssuer,
  jsonPointer,
  LOGIN_CREDENTIAL_CLAIM,
  LOGIN_KEY_CLAIM,
  LOGIN_SECRET_CLAIM,
  REGISTERED_CLAIMS,
  type JwtGenerateStep,
} from '@sallyport/core'
import { mintJwt, UnmintableClaims } from '../../crypto/mint-jwt.ts'
import type { Signer } from '../../crypto/signing-keys.ts'
import { evaluate, stringOf, valueOf, type SpecExpression } from './evaluate.ts'
import { withHeaders, type Message } from '../message/message.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from './step.ts'
import { stepFailure } from './step-failure.ts'

/** The maximum length of `sub`. */
const SUBJECT_CHARS_MAX = 1024
const JTI_BYTES = 16
/** RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]+$/

/** The validated values of a token's expressions. */
interface TokenContent {
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
  /** Empty for no scopes. */
  readonly scope: string
}

/**
 * Mints a JWT with the environment's key. The message's body becomes a token response (RFC 6749 section 5.1), and its
 * header `Authorization` contains the token.
 */
export function compileJwtGenerate(step: JwtGenerateStep, pointer: string): RunnableStep {
  const expressions = expressionsOf(step, pointer)
  return {
    pointer,
    callsUpstream: false,
    readsMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const content = contentOf(step, evaluated.values)
      if ('invalid' in content) return stepFailure(run, `${pointer}/${content.invalid}`, 'value')
      return await mint(step, pointer, content, message, run)
    },
  }
}

function expressionsOf({ subject, claims, scopes }: JwtGenerateStep, pointer: string): SpecExpression[] {
  const expressions = [{ pointer: `${pointer}/subject`, text: subject }]
  if (typeof scopes === 'string') expressions.push({ pointer: `${pointer}/scopes`, text: scopes })
  if (typeof claims === 'string') expressions.push({ pointer: `${pointer}/claims`, text: claims })
  else {
    for (const [name, text] of Object.entries(claims ?? {})) {
      expressions.push({ pointer: pointer + jsonPointer('claims', name), text })
    }
  }
  return expressions
}

/** @param values in the order of `expressionsOf` */
function contentOf(
  step: JwtGenerateStep,
  values: readonly (string | undefined)[],
): TokenContent | { readonly invalid: 'subject' | 'claims' | 'scopes' } {
  const rest = [...values]
  const subject = stringOf(rest.shift())
  if (subject === undefined || subject === '' || subject.length > SUBJECT_CHARS_MAX)
    return { invalid: 'subject' }
  const scope = scopeClaim(typeof step.scopes === 'string' ? valueOf(rest.shift()) : step.scopes)
  if (scope === null) return { invalid: 'scopes' }
  const claims =
    typeof step.claims === 'string'
      ? (valueOf(rest.shift()) ?? {})
      : Object.fromEntries(Object.keys(step.claims ?? {}).map((name, index) => [name, valueOf(rest[index])]))
  if (!isObject(claims) || REGISTERED_CLAIMS.some((name) => Object.hasOwn(claims, name)))
    return { invalid: 'claims' }
  return { subject, claims, scope }
}

async function mint(
  { expiresInSeconds }: JwtGenerateStep,
  pointer: string,
  { subject, claims, scope }: TokenContent,
  message: Message,
  run: Run,
): Promise<StepOutcome> {
  const signer = await signerOf(run)
  if (signer === undefined) return stepProblem('unavailable')
  const { organization, name } = run.environment
  const { consumerId, keyId, secretSequence, basicCredential } = message.identity
  const mintedFor = consumerId ?? keyId
  const issuer = environmentIssuer(organization, name)
  const issuedAt = Math.floor(run.deps.nowMs() / 1000)
  try {
    const token = await mintJwt(signer, {
      ...claims,
      ...(scope === '' ? {} : { scope }),
      ...(mintedFor === null ? {} : { azp: mintedFor }),
      // A consumer can have several keys and credentials, and a key several secrets. The token ends with its own.
      ...(keyId === null || keyId === mintedFor ? {} : { [LOGIN_KEY_CLAIM]: keyId }),
      ...(secretSequence === null ? {} : { [LOGIN_SECRET_CLAIM]: secretSequence }),
      ...(basicCredential === null ? {} : { [LOGIN_CREDENTIAL_CLAIM]: basicCredential }),
      iss: issuer,
      aud: issuer,
      sub: subject,
      iat: issuedAt,
      exp: issuedAt + expiresInSeconds,
      jti: randomBytes(JTI_BYTES).toString('base64url'),
    })
    return { message: withToken(message, token, expiresInSeconds, scope) }
  } catch (error) {
    if (!(error instanceof UnmintableClaims)) throw error
    return stepFailure(run, pointer, 'too_large', error.message)
  }
}

/** The environment's signing key; undefined, with a log line, if there is no usable one. */
async function signerOf(run: Run): Promise<Signer | undefined> {
  const { logger, signers } = run.deps
  const { organization, environment, pipeline } = run.deployment.record
  const about = { requestId: run.requestId, organization, environment, pipeline }
  try {
    const signer = await signers.signerOf(run.environment)
    if (signer === undefined) logger.error(about, 'the environment has no signing key')
    return signer
  } catch (err) {
    logger.error({ ...about, err }, 'the signing key cannot be decrypted')
    return undefined
  }
}

/** The response must not be cached (RFC 6749 section 5.1). */
function withToken(message: Message, token: string, expiresInSeconds: number, scope: string): Message {
  const body = {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    ...(scope === '' ? {} : { scope }),
  }
  return withHeaders({ ...message, body: JSON.stringify(body) }, [
    ['authorization', [`Bearer ${token}`]],
    ['cache-control', ['no-store']],
  ])
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

/**
 * The claim `scope` (RFC 8693 section 4.2) from a space-separated string or an array of strings, without duplicates.
 *
 * @param value undefined or null for no scopes
 * @returns `''` for no scopes; null if the value is invalid
 */
function scopeClaim(value: unknown): string | null {
  if (value === undefined || value === null) return ''
  const scopes: readonly unknown[] | null =
    typeof value === 'string'
      ? value.split(' ').filter((scope) => scope !== '')
      : Array.isArray(value)
        ? value
        : null
  const isValid = scopes?.every((scope) => typeof scope === 'string' && SCOPE.test(scope)) === true
  return isValid ? [...new Set(scopes)].join(' ') : null
}
