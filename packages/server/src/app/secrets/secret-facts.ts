import type { EnvironmentSecretRow } from '../../store/port/secrets.ts'

/** The most secrets of one environment: every gateway keeps them in memory. */
export const SECRETS_PER_ENVIRONMENT_MAX = 500

/** A secret without its value. The sealed value tells two values apart, and is never shown. */
export type SecretFacts = Pick<
  EnvironmentSecretRow,
  'name' | 'sealedValue' | 'createdAtMs' | 'updatedAtMs' | 'updatedBy'
>

export function secretFacts({
  name,
  sealedValue,
  createdAtMs,
  updatedAtMs,
  updatedBy,
}: EnvironmentSecretRow): SecretFacts {
  return { name, sealedValue, createdAtMs, updatedAtMs, updatedBy }
}

/** A secret in the audit log: its identity, and nothing derived from its value. */
export function auditedSecret({ id, environment, name }: EnvironmentSecretRow): Record<string, unknown> {
  return { id, environment, name }
}
