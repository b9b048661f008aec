import type {
  AssertStep,
  CallStep,
  DeploymentRecord,
  JwtGenerateStep,
  OauthTokenStep,
  RespondStep,
  Step,
  TransformStep,
  Trigger,
} from '@sallyport/core'
import { deployment, OPEN } from './started-gateway.ts'

/** An open pipeline of `acme`'s `prod` at `/{name}` unless the trigger says otherwise. */
export function pipeline(
  name: string,
  steps: Step | readonly Step[],
  trigger: Partial<Trigger> = {},
): DeploymentRecord {
  return deployment({ paths: [`/${name}`], authentication: OPEN, ...trigger }, steps, { pipeline: name })
}

export function transform(fields: Partial<TransformStep>): TransformStep {
  return { kind: 'transform', body: null, headers: {}, status: null, ...fields }
}

/** Ends with 403 `not_so` unless the fields say otherwise. */
export function assertThat(that: string, fields: Partial<AssertStep> = {}): AssertStep {
  return { kind: 'assert', that, status: 403, code: 'not_so', detail: 'It is not so.', ...fields }
}

/** Sends a GET unless the fields say otherwise. */
export function callTo(url: string, fields: Partial<CallStep> = {}): CallStep {
  return { kind: 'call', url, method: 'GET', headers: {}, body: null, timeoutMs: null, ...fields }
}

/** Asks as the client `me` with the secret `SECRET` unless the fields say otherwise. */
export function tokenFrom(tokenUrl: string, fields: Partial<OauthTokenStep> = {}): OauthTokenStep {
  return {
    kind: 'oauth.token',
    tokenUrl,
    clientId: 'me',
    clientSecret: '{secrets.SECRET}',
    scopes: [],
    audience: null,
    authentication: 'basic',
    timeoutMs: 10_000,
    ...fields,
  }
}

export function respondWith(fields: Partial<RespondStep> = {}): RespondStep {
  return { kind: 'respond', status: null, headers: {}, ...fields }
}

/** Issues a token valid for 15 minutes unless the fields say otherwise. @param subject an expression */
export function generate(subject: string, fields: Partial<JwtGenerateStep> = {}): JwtGenerateStep {
  return { kind: 'jwt.generate', subject, claims: null, scopes: null, expiresInSeconds: 900, ...fields }
}
