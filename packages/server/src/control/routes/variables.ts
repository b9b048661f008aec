import { putVariable } from '../../app/variables/put-variable.ts'
import { getVariable, listVariables } from '../../app/variables/reading.ts'
import { removeVariable } from '../../app/variables/remove-variable.ts'
import type { VariableFacts } from '../../app/variables/variable-facts.ts'
import { variable, variableChange, variablePath, variablePut } from '../../contract/variables.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/environments/:environment/variables'
const one = `${all}/:name` as const

function variableAnswer({ name, value, createdAtMs, updatedAtMs, updatedBy }: VariableFacts) {
  return {
    name,
    value,
    createdAt: timestampAnswer(createdAtMs),
    updatedAt: timestampAnswer(updatedAtMs),
    updatedBy,
  }
}

export function variableRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Variables')

  routes.list(
    {
      path: all,
      operationId: 'listVariables',
      summary: 'List the variables of an environment',
      item: variable,
    },
    listVariables,
    variableAnswer,
  )

  routes.read(
    { path: one, operationId: 'getVariable', summary: 'Read a variable', answer: variable },
    getVariable,
    variableAnswer,
  )

  routes.put(
    {
      path: one,
      operationId: 'putVariable',
      access: { permission: 'variables.write', on: 'environment' },
      summary: 'Create a variable, or replace its value',
      params: variablePath,
      body: variableChange,
      answer: variablePut,
    },
    putVariable,
    ({ variable: row }) => ({ variable: variableAnswer(row) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeVariable',
      access: { permission: 'variables.write', on: 'environment' },
      summary: 'Remove a variable that no live deployment uses',
    },
    removeVariable,
  )
}
