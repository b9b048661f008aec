import type { ResourceTexts } from '../operation-text.ts'

const path = { name: 'ORDERS_HOST' }

export const VARIABLES: ResourceTexts = {
  tag: {
    name: 'Variables',
    description:
      'A variable is a readable value that differs between environments, such as the host of an upstream. Pipelines use it in URLs and headers.',
  },
  parameters: { name: 'The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
  operations: {
    listVariables: {
      description: 'Lists the variables of an environment.',
      permissions: ['variables.read'],
      example: { after: ['putVariable'] },
    },
    getVariable: {
      description: 'Answers with a variable and its value.',
      permissions: ['variables.read'],
      example: { path, after: ['putVariable'] },
    },
    putVariable: {
      description:
        'Creates a variable or replaces its value. Pipelines use it as `{vars.NAME}` in URLs, also in the host, and in headers. Live deployments use a new value as soon as the receipt is confirmed. A value that a live deployment cannot use gets 409 `conflict`, and `usedBy` names the deployments.',
      permissions: ['variables.write'],
      answers: { 200: 'The value was replaced.', 201: 'The variable was created.' },
      example: { path, body: { value: 'orders.test.example.com' } },
    },
    removeVariable: {
      description:
        'Removes a variable. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.',
      permissions: ['variables.write'],
      example: { path, after: ['listVariables', 'getVariable'] },
    },
  },
}
