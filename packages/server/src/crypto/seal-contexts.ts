/** The record that owns a sealed value. */
interface SealedRecord {
  readonly organization: string
  readonly environment: string
  readonly id: string
}

/** The context that seals the value of an environment secret. */
export function secretContext({ organization, environment, id }: SealedRecord): string {
  return `environment-secret/${organization}/${environment}/${id}`
}

/**
 * The context that seals the private key of a signing key.
 *
 * @param record its `id` is the `kid`
 */
export function signingKeyContext({ organization, environment, id }: SealedRecord): string {
  return `signing-key/${organization}/${environment}/${id}`
}

/**
 * The context that seals what a ticket holds.
 *
 * @param digest of the secret of the ticket
 */
export function ticketContext(purpose: string, digest: string): string {
  return `ticket/${purpose}/${digest}`
}

/** The context that seals the secret that a person's authenticator app shares. */
export function authenticatorContext(person: string): string {
  return `authenticator/${person}`
}

/** The context that seals the private key which signs audit logs. */
export function auditKeyContext(id: string): string {
  return `audit-key/${id}`
}

/** The context that seals the encrypted token of a hand-over. */
export function handOverContext({ organization, id }: Pick<SealedRecord, 'organization' | 'id'>): string {
  return `hand-over/${organization}/${id}`
}

/** The context that seals what a webhook receives of a scheduled roll, until it has arrived. */
export function rotationContext(
  { organization, id }: Omit<SealedRecord, 'environment'>,
  secretSequence: number,
): string {
  return `rotation/${organization}/${id}/${secretSequence}`
}

/** The context that seals a secret of a webhook. */
export function webhookSecretContext({ organization, id }: Omit<SealedRecord, 'environment'>): string {
  return `webhook-secret/${organization}/${id}`
}
