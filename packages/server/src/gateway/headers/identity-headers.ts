import {
  type Allowed,
  type ConsumerRecord,
  effectiveLabels,
  isUnlabelled,
  type Labels,
  labelsHeader,
  NO_LABELS,
  type Snapshot,
} from '@sallyport/core'

/** Sent for a missing value: a proxy that copies only headers with a value would keep the caller's own header. */
const MISSING = '-'

/** Visible ASCII except "%", which starts an encoded character. */
const PLAIN = /^[!-$&-~]+$/

/** The caller that an upstream receives a request from. */
export interface Identity {
  readonly organization: string
  /** The name of the consumer, which never changes. It is one of the pipeline's organization. */
  readonly consumer: string | null
  /** The consumer's id; null exactly when the name is. */
  readonly consumerId: string | null
  readonly keyId: string | null
  /** The sequence of that key's secret; null if it is unknown. */
  readonly secretSequence: number | null
  /** The id of the Basic credential that identified the consumer; null without one. */
  readonly basicCredential: string | null
  readonly claims: Readonly<Record<string, unknown>> | null
  /** None unless the trigger asks for them. */
  readonly labels: Labels
}

/** The pipeline that the identity headers name. */
export interface IdentityContext {
  readonly record: { readonly organization: string }
  readonly environmentHeader: string
  readonly pipelineHeader: string
}

/** The identity of an allowed caller. */
export function identityOf(snapshot: Snapshot, allowed: Allowed): Identity {
  const { deployment, principal, secret, basic, jwt } = allowed
  const { organization, keyId, claims } = principal
  const found = consumerOf(snapshot, allowed)
  // A partner chooses the names of its consumers, and could choose one that an upstream here trusts.
  const isForeign = found !== undefined && found.organization !== deployment.organization
  const consumer = isForeign ? null : principal.consumer
  const name = consumer === null ? null : (found?.name ?? consumer)
  return {
    organization,
    consumer: name,
    consumerId: consumer,
    keyId,
    // A JWT that the caller logs in for with another JWT ends with the same secret and credential.
    secretSequence: secret?.sequence ?? jwt?.secretSequence ?? null,
    basicCredential: basic?.credential ?? jwt?.basicCredential ?? null,
    claims,
    labels: deployment.spec.trigger.sendLabels === true ? labelsOf(snapshot, allowed) : NO_LABELS,
  }
}

/** The record of the caller's consumer, which the decision has read if it is the one of the key. */
function consumerOf(snapshot: Snapshot, { principal, keyConsumer }: Allowed): ConsumerRecord | undefined {
  if (principal.consumer === null) return undefined
  return keyConsumer?.id === principal.consumer ? keyConsumer : snapshot.consumer(principal.consumer)
}

/**
 * The labels of the caller's consumer and key, as far as they belong to the pipeline's organization. A partner's labels
 * are its own data, and it could choose one that an upstream here trusts.
 */
function labelsOf(snapshot: Snapshot, allowed: Allowed): Labels {
  const { deployment, principal } = allowed
  const { keyId } = principal
  const consumer = consumerOf(snapshot, allowed)
  const key = keyId === null ? undefined : snapshot.keys.find(keyId)
  const isOurs = (owned: { readonly organization: string } | undefined): boolean =>
    owned?.organization === deployment.organization
  return effectiveLabels(
    (isOurs(consumer) ? consumer?.labels : undefined) ?? NO_LABELS,
    (isOurs(key) ? key?.rules.labels : undefined) ?? NO_LABELS,
  )
}

/** Appends all seven identity headers, as alternating names and values. */
export function appendIdentity(headers: string[], identity: Identity | null, context: IdentityContext): void {
  headers.push(
    'x-sallyport-organization',
    headerSafe(identity === null ? context.record.organization : identity.organization),
    'x-sallyport-environment',
    context.environmentHeader,
    'x-sallyport-pipeline',
    context.pipelineHeader,
    'x-sallyport-consumer',
    identity === null || identity.consumer === null ? MISSING : headerSafe(identity.consumer),
    'x-sallyport-key',
    identity === null || identity.keyId === null ? MISSING : identity.keyId,
    'x-sallyport-claims',
    identity === null || identity.claims === null ? MISSING : encodedClaims(identity.claims),
    'x-sallyport-labels',
    identity === null || isUnlabelled(identity.labels) ? MISSING : labelsHeader(identity.labels),
  )
}

/**
 * A name as a header value: unchanged if it is visible ASCII without "%", otherwise percent-encoded. Different names
 * have different values, and no name has the value of a missing one.
 */
export function headerSafe(name: string): string {
  if (name === MISSING) return '%2D'
  return PLAIN.test(name) ? name : encodeURIComponent(name.toWellFormed())
}

/** A repeated token yields the same claims object, and encoding it takes longer than verifying the cached token. */
const encoded = new WeakMap<object, string>()

function encodedClaims(claims: Readonly<Record<string, unknown>>): string {
  let text = encoded.get(claims)
  if (text === undefined) {
    text = Buffer.from(JSON.stringify(claims)).toString('base64url')
    encoded.set(claims, text)
  }
  return text
}
