import {
  keyAgeId,
  loginKeyOf,
  recordIdentity,
  type DeploymentRecord,
  type FeedRecord,
  type KeyId,
  type Snapshot,
  type ValidJwt,
} from '@sallyport/core'
import type { Exchange } from './exchange.ts'
import type { LiveVersions } from './live-versions.ts'

/** The identities of the records that a change is about; an exchange is affected if it has one of them. */
export function changedSubjects(records: readonly FeedRecord[]): ReadonlySet<string> {
  return new Set(
    records.map((record) =>
      record.kind === 'removed' ? subject(record.of, record.organization, record.id) : recordIdentity(record),
    ),
  )
}

/** The identities of all records on which the verdict of an exchange depends. */
export function subjectsOf(snapshot: Snapshot, exchange: Exchange, live: LiveVersions): readonly string[] {
  const { deployment, verdict } = exchange
  const { organization, environment, id } = deployment
  const subjects = new Set([
    subject('deployment', organization, id),
    subject('environment', organization, environment),
  ])
  const current = live.of(deployment)
  if (current !== undefined) subjects.add(subject('deployment', organization, current.id))
  if (verdict !== null) {
    const { secret, basic, jwt, principal } = verdict
    if (secret !== null) addKey(subjects, snapshot, secret.keyId, deployment)
    if (basic !== null) addCredential(subjects, deployment, basic.credential ?? '')
    if (jwt !== null) addJwt(subjects, snapshot, jwt, deployment)
    addConsumer(subjects, snapshot, principal.consumer)
  }
  for (const credential of exchange.credentials) {
    addCredential(subjects, deployment, credential)
    addConsumer(subjects, snapshot, snapshot.basicCredentialById(credential)?.consumer ?? null)
  }
  for (const jwt of exchange.jwts) addJwt(subjects, snapshot, jwt, deployment)
  return [...subjects]
}

/** The same form as `recordIdentity`. */
function subject(kind: string, organization: string, id: string): string {
  return `${kind} ${organization} ${id}`
}

function addKey(subjects: Set<string>, snapshot: Snapshot, id: KeyId, deployment: DeploymentRecord): void {
  const key = snapshot.keys.find(id)
  if (key === undefined) return
  subjects.add(subject('key', key.organization, id))
  subjects.add(subject('key-age', key.organization, keyAgeId(key.environment)))
  addConsumer(subjects, snapshot, key.consumer)
  const { organization } = deployment
  const external = key.organization === organization ? undefined : snapshot.externalKey(organization, id)
  if (external !== undefined) subjects.add(subject('external-key', organization, external.id))
  for (const role of external?.roles ?? key.roles) subjects.add(subject('role', organization, role))
}

function addConsumer(subjects: Set<string>, snapshot: Snapshot, id: string | null): void {
  const consumer = id === null ? undefined : snapshot.consumer(id)
  if (consumer !== undefined) subjects.add(subject('consumer', consumer.organization, consumer.id))
}

function addCredential(subjects: Set<string>, { organization }: DeploymentRecord, id: string): void {
  subjects.add(subject('basic-credential', organization, id))
}

function addJwt(
  subjects: Set<string>,
  snapshot: Snapshot,
  jwt: ValidJwt,
  deployment: DeploymentRecord,
): void {
  const { mintedFor, mintedWith = null, basicCredential = null, verifiedBy } = jwt
  const loginKey = loginKeyOf(jwt)
  if (loginKey !== null) addKey(subjects, snapshot, loginKey, deployment)
  if (mintedWith !== null) addKey(subjects, snapshot, mintedWith, deployment)
  addConsumer(subjects, snapshot, mintedFor)
  if (basicCredential !== null) {
    addCredential(subjects, deployment, basicCredential)
    addConsumer(subjects, snapshot, snapshot.basicCredentialById(basicCredential)?.consumer ?? null)
  }
  if (verifiedBy !== undefined) {
    subjects.add(subject(verifiedBy.kind, verifiedBy.organization, verifiedBy.id))
  }
}
