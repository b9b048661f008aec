import { randomBytes } from 'node:crypto'
import {
  environmentIssuer,
  jsonPointer,
  LOGIN_KEY_CLAIM,
  REGISTERED_CLAIMS,
  type JwtGenerateStep,
} from '@sallyport/core'
import { mintJwt, UnmintableClaims } from '../../crypto/mint-jwt.ts'
import type { Signer } from '../../crypto/signing-keys.ts'
import { evaluate, textOf, valueOf, type PlacedExpression } from './evaluate.ts'
import { withHeaders, type Message } from '../message/message.ts'
import { known, type Run, type RunnableStep, type StepOutcome } from './step.ts'
import { stepFailed } from './step-failure.ts'
import { scopeClaim } from './token-scopes.ts'

/** The most characters of `sub`. */
const SUBJECT_CHARS_MAX = 1024
const JTI_BYTES = 16

/** What expressions have given for a token, found to be fit for one. */
interface TokenContent {
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
  /** Empty for none. */
  readonly scope: string
}

/**
 * Mints a JWT with the environment's key. The message's body becomes a token answer (RFC 6749 section 5.1), and its
 * header `Authorization` the token.
 */
export function compileJwtGenerate(step: JwtGenerateStep, place: string): RunnableStep {
  const expressions = expressionsOf(step, place)
  return {
    place,
    callsUpstream: false,
    seesMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const content = contentOf(step, evaluated.values)
      if ('misfit' in content) return stepFailed(run, `${place}/${content.misfit}`, 'value')
      return await mint(step, place, content, message, run)
    },
  }
}

function expressionsOf({ subject, claims, scopes }: JwtGenerateStep, place: string): PlacedExpression[] {
  const expressions = [{ place: `${place}/subject`, text: subject }]
  if (typeof scopes === 'string') expressions.push({ place: `${place}/scopes`, text: scopes })
  if (typeof claims === 'string') expressions.push({ place: `${place}/claims`, text: claims })
  else {
    for (const [name, text] of Object.entries(claims ?? {})) {
      expressions.push({ place: place + jsonPointer('claims', name), text })
    }
  }
  return expressions
}

/** @param values in the order of `expressionsOf` */
function contentOf(
  step: JwtGenerateStep,
  values: readonly (string | undefined)[],
): TokenContent | { readonly misfit: 'subject' | 'claims' | 'scopes' } {
  const rest = [...values]
  const subject = textOf(rest.shift())
  if (subject === undefined || subject === '' || subject.length > SUBJECT_CHARS_MAX)
    return { misfit: 'subject' }
  const scope = scopeClaim(typeof step.scopes === 'string' ? valueOf(rest.shift()) : step.scopes)
  if (scope === null) return { misfit: 'scopes' }
  const claims =
    typeof step.claims === 'string'
      ? (valueOf(rest.shift()) ?? {})
      : Object.fromEntries(Object.keys(step.claims ?? {}).map((name, index) => [name, valueOf(rest[index])]))
  if (!isObject(claims) || REGISTERED_CLAIMS.some((name) => Object.hasOwn(claims, name)))
    return { misfit: 'claims' }
  return { subject, claims, scope }
}

async function mint(
  { expiresInSeconds }: JwtGenerateStep,
  place: string,
  { subject, claims, scope }: TokenContent,
  message: Message,
  run: Run,
): Promise<StepOutcome> {
  const signer = await signerOf(run)
  if (signer === undefined) return known('unavailable')
  const { organization, name } = run.environment
  const { consumerId, keyId } = message.identity
  const mintedFor = consumerId ?? keyId
  const issuer = environmentIssuer(organization, name)
  const issuedAt = Math.floor(run.tools.nowMs() / 1000)
  try {
    const token = await mintJwt(signer, {
      ...claims,
      ...(scope === '' ? {} : { scope }),
      ...(mintedFor === null ? {} : { azp: mintedFor }),
      // A consumer has many keys: the token is to end with the one that logged in.
      ...(keyId === null || keyId === mintedFor ? {} : { [LOGIN_KEY_CLAIM]: keyId }),
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
    return stepFailed(run, place, 'too_large', error.message)
  }
}

/** The environment's key; undefined, with a line in the log, where there is none that can be used. */
async function signerOf(run: Run): Promise<Signer | undefined> {
  const { logger, signers } = run.tools
  const { organization, environment, pipeline } = run.deployment.record
  const about = { requestId: run.requestId, organization, environment, pipeline }
  try {
    const signer = await signers.signerOf(run.environment)
    if (signer === undefined) logger.error(about, 'the environment has no signing key')
    return signer
  } catch (err) {
    logger.error({ ...about, err }, 'the signing key cannot be used')
    return undefined
  }
}

/** Nothing on the way may keep the answer (RFC 6749 section 5.1). */
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
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
