import { isSecretName, isSecretValue, SECRET_VALUE_CHARS_MAX, secretNameProblem } from '@sallyport/core'
import type { EnvironmentSecretRow } from '../../store/port/secrets.ts'
import type { FieldError } from '../refusals.ts'

/** The most secrets of one environment: each gateway keeps them in memory. */
export const SECRETS_PER_ENVIRONMENT_MAX = 500

/** A secret as it may be shown: everything but its value, sealed as that is. */
export type SecretFacts = Pick<EnvironmentSecretRow, 'name' | 'createdAtMs' | 'updatedAtMs' | 'updatedBy'>

export function secretFacts({
  name,
  createdAtMs,
  updatedAtMs,
  updatedBy,
}: EnvironmentSecretRow): SecretFacts {
  return { name, createdAtMs, updatedAtMs, updatedBy }
}

/** What is wrong with a secret's name. */
export function secretNameErrors(path: string, name: string): FieldError[] {
  return isSecretName(name) ? [] : [{ path, message: secretNameProblem(name) }]
}

/** What is wrong with a secret's value; it says nothing of the value. */
export function secretValueErrors(path: string, value: string): FieldError[] {
  return isSecretValue(value)
    ? []
    : [
        {
          path,
          message: `A value is 1 to ${SECRET_VALUE_CHARS_MAX} characters that a header can hold: visible ASCII, with spaces inside.`,
        },
      ]
}

/** A secret as the audit log shows it: that it is there, and nothing that tells of its value. */
export function auditedSecret({ id, environment, name }: EnvironmentSecretRow): Record<string, unknown> {
  return { id, environment, name }
}
