import type { VariableName, VariableValue } from '@sallyport/core'
import type { Writer } from '../../store/port/store.ts'
import type { EnvironmentVariableRow } from '../../store/port/environments/variables.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'
import { usedByDeployments } from '../gate/used-by.ts'
import { unboundVariables } from '../gate/check-urls.ts'
import { newId } from '../new-id.ts'
import { conflict } from '../refusals.ts'
import {
  auditedVariable,
  variableFacts,
  VARIABLES_PER_ENVIRONMENT_MAX,
  variableValues,
  type VariableFacts,
} from './variable-facts.ts'

export interface PutVariableInput {
  readonly organization: string
  readonly environment: string
  readonly name: VariableName
  readonly value: VariableValue
}
export interface PutVariable {
  readonly variable: VariableFacts
  /** Whether the variable did not exist before. */
  readonly isNew: boolean
  readonly revision: number
}

/**
 * Creates a variable of an environment, or replaces its value. Live deployments use the new value at once.
 *
 * @throws Problem `conflict` if the environment has too many, or if a live deployment cannot use the new value, such as
 *   one with a "/" in a host; `usedBy` lists the deployments that the actor may read
 */
export async function putVariable(
  context: OperationContext,
  { organization, environment, name, value }: PutVariableInput,
): Promise<PutVariable> {
  const { value: put, revision } = await context.store.write(async (tx) => {
    await permittedEnvironment(context, tx.environments, organization, environment, 'variables.write')
    const all = await tx.environmentVariables.all(organization, environment)
    const before = all.find((row) => row.name === name)
    const nowMs = context.nowMs()
    const row: EnvironmentVariableRow = {
      organization,
      environment,
      id: before?.id ?? newId('var', context.randomBytes),
      name,
      value,
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
      updatedBy: context.actor.id,
    }
    if (before === undefined) {
      if (all.length >= VARIABLES_PER_ENVIRONMENT_MAX) {
        throw conflict(
          `An environment has at most ${VARIABLES_PER_ENVIRONMENT_MAX} variables. Remove an unused one.`,
        )
      }
      await tx.environmentVariables.insert(row)
    } else {
      await requireUsable(context, tx, row, all)
      await tx.environmentVariables.update(row)
    }
    tx.audit(
      auditEntry(
        context,
        organization,
        before === undefined ? 'variables.create' : 'variables.update',
        `variable/${environment}/${name}`,
        { before: before === undefined ? null : auditedVariable(before), after: auditedVariable(row) },
      ),
    )
    return { variable: variableFacts(row), isNew: before === undefined }
  })
  return { ...put, revision }
}

/** @throws Problem `conflict` if a live deployment that uses the variable cannot use its new value */
async function requireUsable(
  context: OperationContext,
  tx: Writer,
  row: EnvironmentVariableRow,
  all: readonly EnvironmentVariableRow[],
): Promise<void> {
  const { organization, environment, name } = row
  const values = variableValues([...all, row])
  const live = await tx.deployments.allLive(organization, environment)
  const broken = live.filter(({ spec }) =>
    unboundVariables(spec, values).some((unbound) => unbound.names.includes(name)),
  )
  if (broken.length === 0) return
  const { usedBy, listed } = usedByDeployments(context, broken)
  throw conflict(
    `Live deployments cannot use this value of the variable "${name}"${listed}. In a host, use a host name or IP address with an optional port. Correct the value, or first deploy versions that do not use the variable.`,
    { usedBy },
  )
}
