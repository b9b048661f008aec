import type {
  AssertStep,
  CallStep,
  DeploymentRecord,
  JwtGenerateStep,
  RespondStep,
  Step,
  TransformStep,
  Trigger,
} from '@sallyport/core'
import { deployment, OPEN } from './started-gateway.ts'

/** A pipeline of `acme`'s `prod` under `/{name}` that asks for nothing, unless told otherwise. */
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

/** Ends with 403 `not_so` unless told otherwise. */
export function assertThat(that: string, fields: Partial<AssertStep> = {}): AssertStep {
  return { kind: 'assert', that, status: 403, code: 'not_so', detail: 'It is not so.', ...fields }
}

/** Sends a GET unless told otherwise. */
export function callTo(url: string, fields: Partial<CallStep> = {}): CallStep {
  return { kind: 'call', url, method: 'GET', headers: {}, body: null, timeoutMs: null, ...fields }
}

export function respondWith(fields: Partial<RespondStep> = {}): RespondStep {
  return { kind: 'respond', status: null, headers: {}, ...fields }
}

/** A token for `sub`, an expression, that lasts 15 minutes unless told otherwise. */
export function generate(subject: string, fields: Partial<JwtGenerateStep> = {}): JwtGenerateStep {
  return { kind: 'jwt.generate', subject, claims: null, scopes: null, expiresInSeconds: 900, ...fields }
}
