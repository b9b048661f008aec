import { textAt, type ApiClient, type Json } from './api-client.ts'
import { createCaller, deploy, login } from './lasting-access.ts'
import { eventually } from './eventually.ts'

const organization = '/v1/organizations/acme'

/** Where a caller's requests go, and who it is besides its subjects. */
export interface Place {
  /** Of the pipeline that takes API keys. */
  readonly pipeline: string
  /** Of the pipeline that takes JWTs. */
  readonly jwtPipeline: string
  /** The consumer of the keys whose revocation concerns the key alone. */
  readonly consumerId: string
  /** The key of that consumer that lasts. */
  readonly token: string
  readonly gatewayUrl: string
  /** The id of the deployment of `pipeline`. */
  deploymentId: string
}

/** Something that is allowed to call until it is revoked. */
export interface Subject {
  readonly pipeline: string
  readonly headers: Readonly<Record<string, string>>
  /** Such as `401 key_deleted`. */
  readonly refusal: string
  /** Takes the right away through one control plane. */
  revoke(acme: ApiClient): Promise<Json>
  /** When it ends by itself, in ms since 1970, if the revocation is an expiry. */
  endsAtMs?: number
  /** By the monotonic clock: when the call that succeeded was made, if there were others before it. */
  calledAtMs?: number
  /** Prepares the place for the next subject. */
  restore?(acme: ApiClient): Promise<void>
}

export type PrepareSubject = (acme: ApiClient, place: Place) => Promise<Subject>

/** How far off an expiry is when it is first set, in ms. */
const EXPIRY_MS = 750

/** Enough for a control plane that waits for a busy gateway. */
const WAIT = '?wait=60'

async function newKey(acme: ApiClient, place: Place): Promise<{ readonly path: string; token: string }> {
  const body = { name: 'subject', type: 'secret', environment: 'prod', consumer: place.consumerId }
  const made = await acme.must('POST', `${organization}/keys`, body)
  return { path: `${organization}/keys/${textAt(made, 'key', 'id')}`, token: textAt(made, 'token') }
}

/** A subject that is a key of the place's consumer. */
function ofKey(refusal: string, revoke: (acme: ApiClient, path: string) => Promise<Json>): PrepareSubject {
  return async (acme, place) => {
    const { path, token } = await newKey(acme, place)
    const headers = { 'x-api-key': token }
    return { pipeline: place.pipeline, headers, refusal, revoke: async (by) => await revoke(by, path) }
  }
}

/** A subject that is a consumer with its key. @param project one by which it may call, instead of the pipeline itself */
function ofConsumer(
  refusal: string,
  revoke: (acme: ApiClient, path: string) => Promise<Json>,
  project?: string,
): PrepareSubject {
  return async (acme, { pipeline }) => {
    const { consumerId, token } = await createCaller(acme, project === undefined ? [pipeline] : [], project)
    const path = `${organization}/consumers/${consumerId}`
    return {
      pipeline,
      headers: { 'x-api-key': token },
      refusal,
      revoke: async (by) => await revoke(by, path),
    }
  }
}

/** A subject that is a JWT of a consumer. */
function ofJwt(
  revoke: (acme: ApiClient, keyPath: string, consumerPath: string) => Promise<Json>,
): PrepareSubject {
  return async (acme, { jwtPipeline, gatewayUrl }) => {
    const { consumerId, keyId, token } = await createCaller(acme, ['login', jwtPipeline])
    // Another gateway than the one of this control plane may not know the key yet.
    const jwt = await eventually(async () => await login(gatewayUrl, token))
    return {
      pipeline: jwtPipeline,
      headers: { authorization: `Bearer ${jwt}` },
      refusal: '401 token_invalid',
      revoke: async (by) =>
        await revoke(by, `${organization}/keys/${keyId}`, `${organization}/consumers/${consumerId}`),
    }
  }
}

const ofExpiry: PrepareSubject = async (acme, place) => {
  const { path, token } = await newKey(acme, place)
  const subject: Subject = {
    pipeline: place.pipeline,
    headers: { 'x-api-key': token },
    refusal: '401 key_expired',
    async revoke(by) {
      // A busy server may get the request too late for an expiry in the future.
      for (let aheadMs = EXPIRY_MS; ; aheadMs *= 2) {
        subject.endsAtMs = Date.now() + aheadMs
        subject.calledAtMs = performance.now()
        const expiresAt = new Date(subject.endsAtMs).toISOString()
        const { status, body } = await by.call('PATCH', path + WAIT, { expiresAt })
        if (status === 200) return body
        if (status !== 400) throw new Error(`an expiry was refused with ${status}`)
      }
    },
  }
  return subject
}

const ofDeployment: PrepareSubject = async (acme, place) => {
  const { token } = await newKey(acme, place)
  return {
    pipeline: place.pipeline,
    headers: { 'x-api-key': token },
    refusal: '404 route_not_found',
    revoke: async (by) => await by.must('DELETE', `${organization}/deployments/${place.deploymentId}${WAIT}`),
    async restore(by) {
      place.deploymentId = await deploy(by, place.pipeline)
    },
  }
}

const rolledJwt = ofJwt((acme, key) => acme.must('POST', `${key}/roll${WAIT}`, { graceSeconds: 0 }))
const inactiveJwt = ofJwt((acme, _, consumer) => acme.must('PATCH', consumer + WAIT, { status: 'inactive' }))
let jwts = 0

/** The ways in which a right ends. */
export const REVOCATION_KINDS: Readonly<Record<string, PrepareSubject>> = {
  'key deleted': ofKey('401 key_deleted', (acme, key) => acme.must('DELETE', key + WAIT)),
  'key inactive': ofKey('401 key_inactive', (acme, key) =>
    acme.must('PATCH', key + WAIT, { status: 'inactive' }),
  ),
  'key expired': ofExpiry,
  'key rolled without grace': ofKey('401 key_outdated', (acme, key) =>
    acme.must('POST', `${key}/roll${WAIT}`, { graceSeconds: 0 }),
  ),
  'address rules changed': ofKey('403 address_not_allowed', (acme, key) =>
    acme.must('PATCH', key + WAIT, { addressRules: ['192.0.2.0/24'] }),
  ),
  'consumer inactive': ofConsumer('401 key_inactive', (acme, consumer) =>
    acme.must('PATCH', consumer + WAIT, { status: 'inactive' }),
  ),
  'consumer deleted': ofConsumer('401 key_deleted', (acme, consumer) => acme.must('DELETE', consumer + WAIT)),
  'association removed': ofConsumer('403 pipeline_not_allowed', (acme, consumer) =>
    acme.must('PATCH', consumer + WAIT, { pipelines: [] }),
  ),
  'project removed': ofConsumer(
    '403 pipeline_not_allowed',
    (acme, consumer) => acme.must('DELETE', `${consumer}/projects/default${WAIT}`),
    'default',
  ),
  'deployment ended': ofDeployment,
  'login of a JWT ended': async (acme, place) => {
    jwts += 1
    return await (jwts % 2 === 0 ? rolledJwt : inactiveJwt)(acme, place)
  },
}
