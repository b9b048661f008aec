import type { ResourceTexts } from '../operation-text.ts'

const path = { plan: 'gold' }

export const PLANS: ResourceTexts = {
  tag: {
    name: 'Plans',
    description:
      'A plan is a named set of rate limits of an environment. Each consumer that has the plan may send so many requests, over all pipelines or to each one.',
  },
  parameters: { plan: 'The name of the plan.' },
  operations: {
    listPlans: {
      description: 'Lists the plans of an environment.',
      permissions: ['consumers.read'],
      example: { after: ['createPlan'] },
    },
    createPlan: {
      description:
        'Creates a plan. Give it to consumers with their `plan`. Each consumer is counted on its own, over all pipelines of the environment or, with `scope: "pipeline"`, for each pipeline.',
      permissions: ['consumers.write'],
      example: {
        body: {
          name: 'gold',
          title: 'Gold',
          rateLimits: [
            { requests: 100, per: 'second', scope: 'pipeline' },
            { requests: 1_000_000, per: 'month' },
          ],
        },
      },
    },
    getPlan: {
      description: 'Answers with one plan.',
      permissions: ['consumers.read'],
      example: { path, after: ['createPlan'] },
    },
    updatePlan: {
      description:
        'Changes the fields that you send. `rateLimits` replaces the whole list, which holds for all consumers of the plan as soon as the receipt is confirmed; what they have used stays used. A key with rate limits of its own cannot change those of a plan.',
      permissions: ['consumers.write'],
      example: {
        path,
        query: { wait: '10' },
        body: { rateLimits: [{ requests: 2_000_000, per: 'month' }] },
        after: ['createPlan'],
      },
    },
    removePlan: {
      description:
        'Removes a plan. While a consumer has it, the answer is 409 `conflict`, and `usedBy` names the consumers that you may read, at most 50.',
      permissions: ['consumers.write'],
      example: { path, after: ['listPlans', 'getPlan', 'updatePlan'] },
    },
  },
}
