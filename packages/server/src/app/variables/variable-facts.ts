import type { EnvironmentVariableRow } from '../../store/port/environments/variables.ts'

/** The most variables of one environment: every gateway keeps them in memory. */
export const VARIABLES_PER_ENVIRONMENT_MAX = 500

/** A variable as its readers see it. */
export type VariableFacts = Pick<
  EnvironmentVariableRow,
  'name' | 'value' | 'createdAtMs' | 'updatedAtMs' | 'updatedBy'
>

export function variableFacts({
  name,
  value,
  createdAtMs,
  updatedAtMs,
  updatedBy,
}: EnvironmentVariableRow): VariableFacts {
  return { name, value, createdAtMs, updatedAtMs, updatedBy }
}

/** A variable in the audit log. */
export function auditedVariable({
  id,
  environment,
  name,
  value,
}: EnvironmentVariableRow): Record<string, unknown> {
  return { id, environment, name, value }
}

/** The values of variables by name. */
export function variableValues(
  rows: readonly Pick<EnvironmentVariableRow, 'name' | 'value'>[],
): ReadonlyMap<string, string> {
  return new Map(rows.map(({ name, value }) => [name, value]))
}
